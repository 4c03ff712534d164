"""``action: disconnect-vnic``: cut a virtual machine off the network, now and after its next power-on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from sinks.vsphere.actions.base import Plan
from sinks.vsphere.machine import adapters, reconfiguration, state
from sinks.vsphere.machine.adapters import ADAPTERS, DEVICES, Switches, recorded, switch, switches

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clients.vsphere.target import Target
    from schemas.cloudevents import CloudEvent
    from sinks.vsphere.parameters.disconnect import DisconnectParameters

OFF: Final = Switches(connected=False, at_power_on=False)


class DisconnectVnic:
    """Turns "Connected" and "Connect At Power On" off on every network adapter, in one task for all of them."""

    privileges: ClassVar = ("VirtualMachine.Config.EditDevice", "VirtualMachine.Interact.DeviceConnection")
    verifiable: ClassVar = True

    def __init__(self, parameters: DisconnectParameters | None = None) -> None:
        del parameters  # when it ends is the business of who decides

    def plan(self, target: Target, event: CloudEvent) -> Plan:
        """The adapters of the machine that are on, or would be after a power-on."""
        del event  # a machine without network is as it should be, whoever has cut it off
        values = state.read(target, [DEVICES], [reconfiguration.VERSION])
        before = {ADAPTERS: recorded(values)}
        labels, spec = switch(values, _wanted)
        return Plan(target, tuple(f"disconnect {label}" for label in labels), spec, before)

    def undo(self, target: Target, before: Mapping[str, Any], event: CloudEvent) -> Plan:
        """Every adapter as it stood, but for those that somebody has switched since."""
        del event
        return adapters.undo(target, before, ours=lambda found: found == OFF)

    def start(self, plan: Plan) -> Any:
        """One ``ReconfigVM_Task``."""
        return reconfiguration.start(plan)


def _wanted(adapter: Any) -> Switches | None:
    return None if switches(adapter) == OFF else OFF
