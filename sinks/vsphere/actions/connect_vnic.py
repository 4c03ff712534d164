"""``action: connect-vnic``: bring a virtual machine back to the network, now and after its next power-on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from sinks.vsphere.actions.base import Plan
from sinks.vsphere.machine import adapters, power, reconfiguration, state
from sinks.vsphere.machine.adapters import ADAPTERS, DEVICES, Switches, recorded, switch, switches

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clients.vsphere.target import Target
    from schemas.cloudevents import CloudEvent


class ConnectVnic:
    """Turns "Connected" and "Connect At Power On" on for every network adapter, in one task for all of them.

    Also for adapters that were off before anybody disconnected them: only the undo of ``disconnect-vnic`` knows those.
    An adapter of a machine that does not run cannot be connected, only be told to be so after the next power-on.
    """

    privileges: ClassVar = ("VirtualMachine.Config.EditDevice", "VirtualMachine.Interact.DeviceConnection")
    verifiable: ClassVar = True

    def plan(self, target: Target, event: CloudEvent) -> Plan:
        """The adapters of the machine that are off, or would be after a power-on."""
        del event  # a machine on the network is as it should be, whoever has connected it
        values = state.read(target, [DEVICES, power.POWER], [reconfiguration.VERSION])
        runs = values[power.POWER] == power.ON
        before = {ADAPTERS: recorded(values)}
        labels, spec = switch(values, lambda adapter: wanted(switches(adapter), runs=runs))
        return Plan(target, tuple(f"connect {label}" for label in labels), spec, before)

    def undo(self, target: Target, before: Mapping[str, Any], event: CloudEvent) -> Plan:
        """Every adapter as it stood, but for those that somebody has switched since."""
        del event
        return adapters.undo(target, before, ours=lambda found: found.at_power_on)

    def start(self, plan: Plan) -> Any:
        """One ``ReconfigVM_Task``."""
        return reconfiguration.start(plan)


def wanted(found: Switches | None, *, runs: bool) -> Switches | None:
    """How the switches of an adapter should stand; None where they do, or where it has none."""
    if found is None:
        return None
    setting = Switches(connected=runs or found.connected, at_power_on=True)
    return None if found == setting else setting
