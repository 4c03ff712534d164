"""``action: guest-shutdown``: have the guest of a virtual machine shut itself down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from clients.vsphere.faults import translated
from clients.vsphere.following import follow
from clients.vsphere.task import TaskUnfinished
from schemas.errors import Retry
from sinks.vsphere.actions.base import Plan
from sinks.vsphere.machine import power

if TYPE_CHECKING:
    from clients.vsphere.target import Target
    from schemas.cloudevents import CloudEvent


class GuestShutdown:
    """Asks VMware Tools, and waits until the machine does not run any more."""

    privileges: ClassVar = ("VirtualMachine.Interact.PowerOff",)
    verifiable: ClassVar = True

    def plan(self, target: Target, event: CloudEvent) -> Plan:
        """Whether the machine runs, and its guest can be asked."""
        del event  # as for power-off
        values = power.read(target)
        if values[power.POWER] != power.ON:
            return Plan(target, ())
        # A guest that is shutting down has ended its Tools already.
        power.check_tools(target, values, instead="use power-off", error=Retry)
        return Plan(target, ("shut its guest down",))

    def apply(self, plan: Plan, *, deadline: float) -> None:
        """One ``ShutdownGuest``; vSphere has no task for it, and the guest takes its time."""
        target = plan.target
        with translated(target.session.name):
            target.reference.ShutdownGuest()
        values = follow(target.session, target.reference, [power.POWER], until=_is_down, deadline=deadline)
        if not _is_down(values):
            raise TaskUnfinished(f"{target}: its guest is not down yet")


def _is_down(values: dict[str, Any]) -> bool:
    return bool(values.get(power.POWER, power.ON) != power.ON)
