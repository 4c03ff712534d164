"""The two switches of network adapters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pyVmomi import vim

from clients.vsphere import properties
from schemas.errors import Reject
from sinks.vsphere import actions
from sinks.vsphere.actions.connect_vnic import wanted
from sinks.vsphere.actions.disconnect_vnic import DisconnectVnic
from sinks.vsphere.machine.adapters import Switches
from sinks.vsphere.parameters.none import NoParameters
from tests.sinks.vsphere.acting import about, opened
from tests.sinks.vsphere.actions.looking import switches
from tests.support.machine import adapters, connect, finish, power_off, power_on, reconfigure

if TYPE_CHECKING:
    from clients.vsphere.target import Target
    from schemas.config import VcenterConfig
    from sinks.vsphere.actions import Plan
    from tests.support.govc import Govc

pytestmark = pytest.mark.stack

Known = dict[str, "VcenterConfig"]


@pytest.mark.parametrize("action", ["connect-vnic", "disconnect-vnic"])
def test_the_change_is_bound_to_the_state_that_was_read(machine: Target, action: str) -> None:
    version = "config.changeVersion"
    expected = properties.read(machine.session, machine.reference, [version])[version]
    plan = actions.build(action, NoParameters()).plan(machine, about(machine))
    assert expected == plan.spec.changeVersion


@pytest.mark.parametrize(
    ("found", "runs", "expected"),
    [
        ((False, False), True, (True, True)),
        ((True, False), True, (True, True)),
        ((True, True), True, None),
        ((False, False), False, (False, True)),
        ((True, False), False, (True, True)),
        ((False, True), False, None),
        (None, True, None),
    ],
)
def test_a_switch_is_never_turned_off_by_connecting(
    found: tuple[bool, bool] | None, *, runs: bool, expected: tuple[bool, bool] | None
) -> None:
    assert expected == wanted(Switches(*found) if found else None, runs=runs)


async def test_a_machine_that_is_off_is_told_to_connect_at_its_next_power_on(
    vcenters: Known, machine: Target, govc: Govc
) -> None:
    connect(machine, connected=False)
    power_off(machine)
    given, seen = about(machine), []
    async with opened(vcenters, action="connect-vnic") as sink:
        await sink.send(given)
        seen.append(switches(govc, machine, given))
        await sink.send(given)
    power_on(machine)
    seen.append(switches(govc, machine, given))
    assert [[(False, True)], [(True, True)]] == seen


async def test_disconnected_and_connected_again_a_machine_is_as_before(
    vcenters: Known, machine: Target, govc: Govc
) -> None:
    given, seen = about(machine), []
    for action in ("disconnect-vnic", "connect-vnic"):
        async with opened(vcenters, action=action) as sink:
            await sink.send(given)
        seen.append(switches(govc, machine, given))
    assert [[(False, False)], [(True, True)]] == seen


def isolated(machine: Target) -> tuple[DisconnectVnic, Plan]:
    """A machine that was cut off, and the plan of it."""
    action = DisconnectVnic()
    plan = action.plan(machine, about(machine))
    finish(machine.session, action.start(plan))
    return action, plan


def test_a_restored_adapter_of_a_machine_that_is_off_waits_for_its_power_on(machine: Target, govc: Govc) -> None:
    action, plan = isolated(machine)
    power_off(machine)
    back = action.undo(machine, plan.before, about(machine))
    finish(machine.session, action.start(back))
    assert [(False, True)] == switches(govc, machine, about(machine))


def test_an_adapter_that_was_off_before_stays_off(machine: Target) -> None:
    connect(machine, connected=False)
    before = {"adapters": {str(adapters(machine)[0].key): [False, False]}}
    assert () == DisconnectVnic().undo(machine, before, about(machine)).changes


def test_an_adapter_that_somebody_has_switched_since_is_left_alone(machine: Target) -> None:
    action, plan = isolated(machine)
    (adapter,) = adapters(machine)
    adapter.connectable.startConnected = True
    reconfigure(machine, deviceChange=[vim.vm.device.VirtualDeviceSpec(operation="edit", device=adapter)])
    with pytest.raises(Reject, match=r"somebody has switched .* since: nothing is brought back"):
        action.undo(machine, plan.before, about(machine))


def test_what_somebody_has_switched_is_said_where_the_rest_is_brought_back(machine: Target) -> None:
    model = adapters(machine)[0]
    second = type(model)(key=-1, backing=model.backing, connectable=model.connectable)
    reconfigure(machine, deviceChange=[vim.vm.device.VirtualDeviceSpec(operation="add", device=second)])
    action, plan = isolated(machine)
    changed = adapters(machine)[1]
    changed.connectable.startConnected = True
    reconfigure(machine, deviceChange=[vim.vm.device.VirtualDeviceSpec(operation="edit", device=changed)])
    back = action.undo(machine, plan.before, about(machine))
    assert (1, 1) == (len(back.changes), len(back.left))
    assert "switched by somebody else since" in back.left[0]
