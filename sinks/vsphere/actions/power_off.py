"""``action: power-off``: stop a virtual machine at once, as if its plug were pulled."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from clients.vsphere import task
from sinks.vsphere.actions.base import Plan
from sinks.vsphere.machine import power

if TYPE_CHECKING:
    from clients.vsphere.target import Target
    from schemas.cloudevents import CloudEvent


class PowerOff:
    """Powers off what runs, without a word to the guest; a suspended machine does not run, and keeps its memory."""

    privileges: ClassVar = ("VirtualMachine.Interact.PowerOff",)
    verifiable: ClassVar = True

    def plan(self, target: Target, event: CloudEvent) -> Plan:
        """Whether the machine runs."""
        del event  # a machine that does not run is as it should be, whoever has stopped it
        runs = power.read(target)[power.POWER] == power.ON
        return Plan(target, ("power it off",) if runs else ())

    def apply(self, plan: Plan, *, deadline: float) -> None:
        """One ``PowerOffVM_Task``."""
        task.run(plan.target.session, plan.target.reference.PowerOffVM_Task, deadline=deadline)
