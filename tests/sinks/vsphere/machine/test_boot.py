from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from pyVmomi import vim

from clients.vsphere.target import Target, find
from sinks.vsphere.machine.boot import BEGINNINGS, begun_anew
from tests.support.machine import MODEL, finish, power_off, power_on

if TYPE_CHECKING:
    from clients.vsphere.session import Session

pytestmark = pytest.mark.stack


def post(machine: Target, kind: str) -> None:
    argument = vim.event.VmEventArgument(vm=machine.reference, name=machine.name)
    given = {"key": 0, "chainId": 0, "createdTime": machine.session.current_time(), "userName": "", "vm": argument}
    machine.session.content.eventManager.PostEvent(getattr(vim.event, kind)(**given))


def test_a_machine_that_only_runs_has_not_begun_anew(machine: Target) -> None:
    assert not begun_anew(machine, machine.session.current_time())


def test_a_machine_that_was_powered_on_since_has(machine: Target) -> None:
    before = machine.session.current_time()
    power_off(machine)
    power_on(machine)
    assert begun_anew(machine, before)


def test_the_boot_time_tells_it_alone_when_the_log_of_events_forgets(
    machine: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = machine.session.current_time()
    power_off(machine)
    power_on(machine)
    monkeypatch.setattr(vim.event.EventManager, "QueryEvents", lambda *_: [])
    assert begun_anew(machine, before)
    assert not begun_anew(machine, machine.session.current_time())


def test_also_one_that_is_off_by_now(machine: Target) -> None:
    before = machine.session.current_time()
    finish(machine.session, machine.reference.ResetVM_Task())
    power_off(machine)
    assert begun_anew(machine, before)


@pytest.mark.parametrize("kind", BEGINNINGS)
def test_the_log_of_events_tells_what_the_boot_time_does_not(machine: Target, kind: str) -> None:
    before = machine.session.current_time()
    post(machine, kind)
    assert begun_anew(machine, before)
    assert not begun_anew(machine, machine.session.current_time() + timedelta(seconds=1))


def test_what_another_machine_has_been_through_does_not_count(machine: Target, session: Session) -> None:
    before = machine.session.current_time()
    post(find([session], MODEL), "VmGuestRebootEvent")
    assert not begun_anew(machine, before)
