"""What the power actions find in machines that are not simply on or off."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import TYPE_CHECKING

import pytest
from pyVmomi import vim

from clients.vsphere.task import TaskUnfinished
from schemas.errors import Reject, Retry
from sinks.vsphere import actions
from sinks.vsphere.actions import Undoable
from sinks.vsphere.actions.guest_shutdown import GuestShutdown
from sinks.vsphere.parameters.none import NoParameters
from tests.sinks.vsphere.acting import about, opened
from tests.sinks.vsphere.actions.looking import power
from tests.support.machine import finish, power_off, tools

if TYPE_CHECKING:
    from clients.vsphere.target import Target
    from schemas.config import VcenterConfig
    from sinks.vsphere.actions import Plan
    from tests.support.govc import Govc

pytestmark = pytest.mark.stack

Known = dict[str, "VcenterConfig"]


def plan(action: str, machine: Target) -> Plan:
    return actions.build(action, NoParameters()).plan(machine, about(machine))


def suspend(machine: Target) -> None:
    finish(machine.session, machine.reference.SuspendVM_Task())


async def test_a_suspended_machine_is_resumed(vcenters: Known, machine: Target, govc: Govc) -> None:
    suspend(machine)
    assert ("resume it",) == plan("power-on", machine).changes
    given = about(machine)
    async with opened(vcenters, action="power-on") as sink:
        await sink.send(given)
    assert "poweredOn" == power(govc, machine, given)


@pytest.mark.parametrize("action", ["power-off", "guest-shutdown"])
def test_a_suspended_machine_does_not_run(machine: Target, action: str) -> None:
    suspend(machine)
    assert () == plan(action, machine).changes


@pytest.mark.parametrize(
    ("action", "error", "instead"),
    [("guest-shutdown", Retry, "use power-off"), ("guest-reboot", Reject, "use hard-reset")],
)
def test_a_guest_without_tools_cannot_be_asked(
    machine: Target, action: str, error: type[Exception], instead: str
) -> None:
    tools(machine, running=False)
    with pytest.raises(error, match=f"VMware Tools do not run.*{instead}"):
        plan(action, machine)


@pytest.mark.parametrize("action", ["guest-reboot", "hard-reset"])
def test_a_machine_that_is_off_does_not_begin_anew(machine: Target, action: str) -> None:
    power_off(machine)
    with pytest.raises(Reject, match=r"is powered off.*power-on starts it"):
        plan(action, machine)


@pytest.mark.parametrize("action", ["guest-reboot", "hard-reset"])
async def test_a_machine_that_was_started_after_the_event_needs_nothing(machine: Target, action: str) -> None:
    earlier = about(machine, datetime.now(UTC) - timedelta(hours=1))
    assert () == actions.build(action, NoParameters()).plan(machine, earlier).changes


@pytest.mark.parametrize("action", ["guest-reboot", "hard-reset"])
def test_an_event_without_a_time_cannot_be_told_from_an_old_one(machine: Target, action: str) -> None:
    with pytest.raises(Reject, match="has no time"):
        actions.build(action, NoParameters()).plan(machine, about(machine, time=None))


async def test_a_guest_that_takes_its_time_is_waited_for_and_asked_again_later(
    vcenters: Known, machine: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vim.VirtualMachine, "ShutdownGuest", lambda _: None)
    async with opened(vcenters, action="guest-shutdown", timeout="1s") as sink:
        with pytest.raises(Retry, match="still to do: shut its guest down"):
            await sink.send(about(machine))


async def test_a_guest_that_has_ended_its_tools_first_is_looked_at_again_later(
    vcenters: Known, machine: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vim.VirtualMachine, "ShutdownGuest", lambda _: tools(machine, running=False))
    async with opened(vcenters, action="guest-shutdown", timeout="1s") as sink:
        with pytest.raises(Retry, match="VMware Tools do not run"):
            await sink.send(about(machine))


def test_a_guest_that_is_not_down_in_time_is_no_success(machine: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vim.VirtualMachine, "ShutdownGuest", lambda _: None)
    with pytest.raises(TaskUnfinished, match="not down yet"):
        GuestShutdown().wait(machine, None, deadline=monotonic())


async def test_a_machine_that_cannot_be_powered_on_is_rejected_with_the_tasks_fault(
    vcenters: Known, machine: Target
) -> None:
    power_off(machine)
    host = machine.reference.runtime.host
    finish(machine.session, host.EnterMaintenanceMode_Task(timeout=0))
    try:
        async with opened(vcenters, action="power-on") as sink:
            with pytest.raises(Reject, match="the task failed: InvalidState"):
                await sink.send(about(machine))
    finally:
        finish(machine.session, host.ExitMaintenanceMode_Task(timeout=0))


@pytest.mark.parametrize(
    ("before", "action"), [("suspended", "power-on"), ("poweredOn", "guest-shutdown"), ("poweredOn", "power-off")]
)
def test_a_power_state_that_somebody_has_changed_or_that_is_gone_is_not_brought_back(
    machine: Target, before: str, action: str
) -> None:
    if action != "power-on":
        suspend(machine)
    undoing = actions.build(action, NoParameters())
    assert isinstance(undoing, Undoable)
    with pytest.raises(Reject, match=f"was {before} and is .*: nothing brings that back"):
        undoing.undo(machine, {"runtime.powerState": before}, about(machine))
