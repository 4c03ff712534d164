"""``action: power-on``: have a virtual machine run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from sinks.vsphere.actions.base import Plan
from sinks.vsphere.machine import power

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clients.vsphere.target import Target
    from schemas.cloudevents import CloudEvent


class PowerOn:
    """Powers on what is off, and resumes what is suspended."""

    privileges: ClassVar = ("VirtualMachine.Interact.PowerOn",)
    verifiable: ClassVar = True

    def plan(self, target: Target, event: CloudEvent) -> Plan:
        """Whether the machine runs."""
        del event  # a machine that runs is as it should be, whoever has started it
        state = power.read(target)[power.POWER]
        if state == power.ON:
            return Plan(target, ())
        change = "resume it" if state == power.SUSPENDED else "power it on"
        return Plan(target, (change,), power.ON, before={power.POWER: str(state)})

    def undo(self, target: Target, before: Mapping[str, Any], event: CloudEvent) -> Plan:
        """Off again, at once, if it was; asks for ``VirtualMachine.Interact.PowerOff``."""
        del event
        return power.undo(target, before, since=power.ON)

    def start(self, plan: Plan) -> Any:
        """One ``PowerOnVM_Task``; back, one ``PowerOffVM_Task``."""
        return power.start(plan)
