"""``action: hard-reset``: begin a virtual machine anew at once, as its reset button would."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from clients.vsphere import task
from sinks.vsphere.actions.base import Plan
from sinks.vsphere.machine import power
from sinks.vsphere.machine.boot import begun_anew
from sinks.vsphere.machine.moment import happened

if TYPE_CHECKING:
    from clients.vsphere.target import Target
    from schemas.cloudevents import CloudEvent


class HardReset:
    """Resets the machine without a word to the guest, unless it has begun anew since the event happened.

    The event log tells of a reset, but not always at once: the end of the task is what counts.
    """

    privileges: ClassVar = ("VirtualMachine.Interact.Reset",)
    verifiable: ClassVar = False

    def plan(self, target: Target, event: CloudEvent) -> Plan:
        """What the machine has been through since the event, and whether it runs."""
        if begun_anew(target, happened(event, target.session)):
            return Plan(target, ())
        power.check_on(target, power.read(target))
        return Plan(target, ("reset it",))

    def start(self, plan: Plan) -> Any:
        """One ``ResetVM_Task``."""
        return task.start(plan.target.session, plan.target.reference.ResetVM_Task)
