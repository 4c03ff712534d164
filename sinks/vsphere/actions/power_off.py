"""``action: power-off``: stop a virtual machine at once, as if its plug were pulled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from sinks.vsphere.actions.base import Plan
from sinks.vsphere.machine import power

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clients.vsphere.target import Target
    from schemas.cloudevents import CloudEvent


class PowerOff:
    """Powers off what runs, without a word to the guest; a suspended machine does not run, and keeps its memory."""

    privileges: ClassVar = ("VirtualMachine.Interact.PowerOff",)
    verifiable: ClassVar = True

    def plan(self, target: Target, event: CloudEvent) -> Plan:
        """Whether the machine runs."""
        del event  # a machine that does not run is as it should be, whoever has stopped it
        if power.read(target)[power.POWER] != power.ON:
            return Plan(target, ())
        return Plan(target, ("power it off",), power.OFF, before={power.POWER: power.ON})

    def undo(self, target: Target, before: Mapping[str, Any], event: CloudEvent) -> Plan:
        """On again; asks for ``VirtualMachine.Interact.PowerOn``."""
        del event
        return power.undo(target, before, since=power.OFF)

    def start(self, plan: Plan) -> Any:
        """One ``PowerOffVM_Task``; back, one ``PowerOnVM_Task``."""
        return power.start(plan)
