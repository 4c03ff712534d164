"""``action: migrate``: have a virtual machine on another host of its cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from pyVmomi import vim

from clients.vsphere import task
from clients.vsphere.target import moref
from schemas.errors import Reject
from sinks.vsphere.actions.base import Plan
from sinks.vsphere.cluster import hosts
from sinks.vsphere.machine import mobility, power, state
from sinks.vsphere.parameters.names import fits

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from clients.vsphere.target import Target
    from schemas.cloudevents import CloudEvent
    from sinks.vsphere.cluster.hosts import Host
    from sinks.vsphere.parameters.migrate import MigrateParameters

HOST: Final = "runtime.host"
MEMORY: Final = "config.hardware.memoryMB"
PATHS: Final = (HOST, MEMORY, "datastore", mobility.DEVICES, power.POWER)
OPTIONAL: Final = ("network", mobility.FAULT_TOLERANCE)

NAMED: Final = 5
"""Hosts that cannot take it which a refusal names."""


class Migrate:
    """Moves a machine, running or not, to the host with most free memory that sees all it needs.

    Rules of DRS are the vCenter's business: it refuses what they forbid.
    """

    privileges: ClassVar = ("Resource.ColdMigrate", "Resource.HotMigrate")
    verifiable: ClassVar = True

    def __init__(self, parameters: MigrateParameters) -> None:
        self._parameters = parameters

    def plan(self, target: Target, event: CloudEvent) -> Plan:
        """Whether the machine is on a host where it should be, and which else could take it."""
        del event  # a machine that is there is as it should be, whoever has moved it
        values = state.read(target, PATHS, OPTIONAL)
        known = hosts.beside(target.session, values[HOST])
        present = known[moref(values[HOST])]
        if self._suits(present):
            return Plan(target, ())
        _check(target, values)
        wanted = [host for host in known.values() if self._suits(host)]
        able = [host for host in wanted if not [*_obstacles(host, values)]]
        if not able:
            raise Reject(f"no host can take {target}: {_shortcomings(wanted, values)}")
        chosen = max(able, key=lambda host: (host.free, host.name))
        return Plan(
            target,
            (f"move it from {present.name} to {chosen.name}",),
            vim.vm.RelocateSpec(host=chosen.reference),
            {"from": moref(present.reference), "to": moref(chosen.reference)},
        )

    def undo(self, target: Target, before: Mapping[str, Any], event: CloudEvent) -> Plan:
        """Back to the host it was on, if that can take it, unless somebody has moved it since."""
        del event
        values = state.read(target, PATHS, OPTIONAL)
        present = moref(values[HOST])
        if present == before["from"]:
            return Plan(target, ())
        if present != before["to"]:
            raise Reject(f"{target}: somebody has moved it since: it stays there")
        _check(target, values)
        host = hosts.beside(target.session, values[HOST]).get(before["from"])
        if host is None:
            raise Reject(f"{target}: the host it was on is not in its cluster any more")
        if obstacles := [*_obstacles(host, values)]:
            raise Reject(f"{target} cannot go back: {host.name} {', '.join(obstacles)}")
        return Plan(target, (f"move it back to {host.name}",), vim.vm.RelocateSpec(host=host.reference))

    def start(self, plan: Plan) -> Any:
        """One ``RelocateVM_Task``."""
        machine = plan.target.reference
        return task.start(plan.target.session, lambda: machine.RelocateVM_Task(spec=plan.spec))

    def _suits(self, host: Host) -> bool:
        given = self._parameters
        return (not given.to or fits(host.name, given.to)) and not fits(host.name, given.off)


def _check(target: Target, values: dict[str, Any]) -> None:
    if reasons := mobility.pinned(values):
        raise Reject(f"{target} stays where it is: {', '.join(reasons)}")


def _obstacles(host: Host, values: dict[str, Any]) -> Iterator[str]:
    """Why a host cannot take the machine, in words."""
    if not host.ready:
        yield "is not ready"
    if {moref(each) for each in (*values["datastore"], *values.get("network", ()))} - host.sees:
        yield "does not see all of its datastores and networks"
    if values[power.POWER] == power.ON and host.free < int(values[MEMORY]):
        yield "has too little memory"


def _shortcomings(wanted: list[Host], values: dict[str, Any]) -> str:
    if not wanted:
        return "its cluster has none that may be"
    told = [f"{host.name} {', '.join(_obstacles(host, values))}" for host in wanted[:NAMED]]
    return "; ".join(told) + (f" and {len(wanted) - NAMED} more" if len(wanted) > NAMED else "")
