"""Which host takes a machine; what the simulators' two hosts never are is told in their place on the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError
from pyVmomi import vim

from clients.vsphere.kinds import HOST
from clients.vsphere.target import find
from schemas.errors import Reject
from sinks.vsphere.actions.migrate import Migrate
from sinks.vsphere.parameters.migrate import MigrateParameters
from tests.sinks.vsphere.acting import about
from tests.sinks.vsphere.actions.preparing import on_first_host
from tests.support.machine import power_off, reconfigure
from tests.support.told import tell

if TYPE_CHECKING:
    from clients.vsphere.session import Session
    from clients.vsphere.target import Target
    from sinks.vsphere.actions import Plan

pytestmark = pytest.mark.stack


@pytest.fixture
def hosts(session: Session, machine: Target) -> tuple[str, str]:
    """Morefs of both hosts; the machine is on the first."""
    on_first_host(machine)
    return find([session], "DC0_C0_H0", HOST).moref, find([session], "DC0_C0_H1", HOST).moref


def plan(machine: Target, **parameters: Any) -> Plan:
    return Migrate(MigrateParameters(**parameters)).plan(machine, about(machine))


def test_somebody_has_to_say_where() -> None:
    with pytest.raises(ValidationError, match="every host is as good"):
        MigrateParameters()


def test_a_machine_on_a_host_where_it_should_be_stays(machine: Target, hosts: tuple[str, str]) -> None:
    assert ((), ()) == (plan(machine, to=["DC0_*"]).changes, plan(machine, off=["*H1"]).changes)


def test_a_machine_leaves_a_host_where_it_should_not_be(machine: Target, hosts: tuple[str, str]) -> None:
    found = plan(machine, off=["*h0"])
    assert ("move it from DC0_C0_H0 to DC0_C0_H1",) == found.changes
    assert {"from": hosts[0], "to": hosts[1]} == found.before


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ({"runtime.inMaintenanceMode": True}, "is not ready"),
        ({"runtime.inQuarantineMode": True}, "is not ready"),
        ({"runtime.connectionState": "notResponding"}, "is not ready"),
        ({"runtime.powerState": "standBy"}, "is not ready"),
        ({"datastore": vim.Datastore.Array([])}, "does not see all of its datastores and networks"),
        ({"network": vim.Network.Array([])}, "does not see all of its datastores and networks"),
        ({"summary.quickStats.overallMemoryUsage": 4000}, "has too little memory"),
    ],
    ids=str,
)
def test_a_host_that_cannot_take_it_does_not(
    machine: Target,
    hosts: tuple[str, str],
    monkeypatch: pytest.MonkeyPatch,
    told: dict[str, Any],
    reason: str,
) -> None:
    tell(monkeypatch, {hosts[1]: told})
    with pytest.raises(Reject, match=f"no host can take .*: DC0_C0_H1 {reason}"):
        plan(machine, off=["*H0"])


def test_a_machine_that_is_off_needs_no_memory(
    machine: Target, hosts: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    power_off(machine)
    tell(monkeypatch, {hosts[1]: {"summary.quickStats.overallMemoryUsage": 4000}})
    assert ("move it from DC0_C0_H0 to DC0_C0_H1",) == plan(machine, off=["*H0"]).changes


def test_a_name_that_no_host_of_the_cluster_has_is_said(machine: Target, hosts: tuple[str, str]) -> None:
    with pytest.raises(Reject, match="its cluster has none that may be"):
        plan(machine, to=["esx-*"])


def test_a_machine_that_shares_a_bus_stays_where_it_is(machine: Target, hosts: tuple[str, str]) -> None:
    controller = vim.vm.device.ParaVirtualSCSIController(key=-1, busNumber=1, sharedBus="physicalSharing")
    reconfigure(machine, deviceChange=[vim.vm.device.VirtualDeviceSpec(operation="add", device=controller)])
    with pytest.raises(Reject, match=r"stays where it is: .* shares its bus"):
        plan(machine, off=["*H0"])


@pytest.mark.parametrize(
    ("before", "reason"),
    [
        ({"from": "host-998", "to": "host-999"}, "somebody has moved it since"),
        ({"from": "host-998"}, "is not in its cluster any more"),
    ],
)
def test_there_is_no_way_back_for_a_machine_that_was_moved_since_or_whose_host_is_gone(
    machine: Target, hosts: tuple[str, str], before: dict[str, str], reason: str
) -> None:
    with pytest.raises(Reject, match=reason):
        Migrate(MigrateParameters(to=("x",))).undo(machine, {"to": hosts[0], **before}, about(machine))


def test_there_is_no_way_back_to_a_host_in_maintenance(
    machine: Target, hosts: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(monkeypatch, {hosts[1]: {"runtime.inMaintenanceMode": True}})
    with pytest.raises(Reject, match="cannot go back: DC0_C0_H1 is not ready"):
        Migrate(MigrateParameters(to=("x",))).undo(machine, {"from": hosts[1], "to": hosts[0]}, about(machine))
