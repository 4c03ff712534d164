"""``action: power-on``: have a virtual machine run."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from clients.vsphere import task
from sinks.vsphere.actions.base import Plan
from sinks.vsphere.machine import power

if TYPE_CHECKING:
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
        return Plan(target, ("resume it" if state == power.SUSPENDED else "power it on",))

    def apply(self, plan: Plan, *, deadline: float) -> None:
        """One ``PowerOnVM_Task``."""
        task.run(plan.target.session, plan.target.reference.PowerOnVM_Task, deadline=deadline)
