"""A change that one process has started and a later one waits for."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

import pytest

from clients.vsphere import task
from clients.vsphere.faults import NOT_FOUND, VsphereFault
from clients.vsphere.session import Session
from clients.vsphere.target import Target, moref
from sinks.vsphere import waiting
from sinks.vsphere.actions.guest_reboot import GuestReboot
from sinks.vsphere.actions.guest_shutdown import GuestShutdown
from sinks.vsphere.actions.power_off import PowerOff
from tests.sinks.vsphere.acting import about
from tests.support.machine import power

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schemas.config import VcenterConfig

pytestmark = pytest.mark.stack


@pytest.fixture
def later(vcenters: dict[str, VcenterConfig], machine: Target) -> Iterator[Target]:
    """The same machine, in a session of a process that was started anew."""
    with Session(vcenters["vc1"]) as session:
        yield Target(session, type(machine.reference)(machine.moref, session.stub), machine.name)


def test_a_task_is_waited_for_by_its_id_in_another_session(machine: Target, later: Target) -> None:
    action = PowerOff()
    number = moref(action.start(action.plan(machine, about(machine))))
    waiting.wait(action, later, task.reference(later.session, number), deadline=monotonic() + 10)
    assert "poweredOff" == power(later)


def test_a_task_that_the_vcenter_has_forgotten_is_said(later: Target) -> None:
    with pytest.raises(VsphereFault) as error:
        waiting.wait(PowerOff(), later, task.reference(later.session, "task-999999"), deadline=monotonic() + 10)
    assert NOT_FOUND == error.value.fault


def test_what_ends_without_a_task_is_waited_for_without_one(machine: Target, later: Target) -> None:
    action = GuestShutdown()
    assert None is action.start(action.plan(machine, about(machine)))
    waiting.wait(action, later, None, deadline=monotonic() + 10)
    assert "poweredOff" == power(later)


def test_what_is_done_with_the_call_needs_no_waiting(later: Target) -> None:
    waiting.wait(GuestReboot(), later, None, deadline=monotonic() - 1)
