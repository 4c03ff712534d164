"""The two switches of network adapters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from clients.vsphere import properties
from sinks.vsphere import actions
from sinks.vsphere.actions.connect_vnic import wanted
from sinks.vsphere.machine.adapters import Switches
from sinks.vsphere.parameters.none import NoParameters
from tests.sinks.vsphere.acting import about, opened
from tests.sinks.vsphere.actions.cases import switches
from tests.support.machine import connect, power_off, power_on

if TYPE_CHECKING:
    from clients.vsphere.target import Target
    from schemas.config import VcenterConfig
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
