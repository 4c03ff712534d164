"""``action: guest-shutdown``: have the guest of a virtual machine shut itself down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from clients.vsphere import task
from clients.vsphere.faults import translated
from clients.vsphere.following import follow
from clients.vsphere.task import TaskUnfinished
from schemas.errors import Retry
from sinks.vsphere.actions.base import Plan
from sinks.vsphere.machine import power

if TYPE_CHECKING:
    from collections.abc import Mapping

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
        return Plan(target, ("shut its guest down",), before={power.POWER: power.ON})

    def undo(self, target: Target, before: Mapping[str, Any], event: CloudEvent) -> Plan:
        """On again; asks for ``VirtualMachine.Interact.PowerOn``."""
        del event
        return power.undo(target, before, since=power.OFF)

    def start(self, plan: Plan) -> Any | None:
        """One ``ShutdownGuest``, for which vSphere has no task; back, one ``PowerOnVM_Task``."""
        if plan.spec == power.ON:
            return power.start(plan)
        with translated(plan.target.session.name):
            plan.target.reference.ShutdownGuest()
        return None

    def wait(self, target: Target, started: Any | None, *, deadline: float) -> None:
        """Until the machine does not run any more: a guest takes its time."""
        if started is not None:
            task.wait(target.session, started, deadline=deadline)
            return
        values = follow(target.session, target.reference, [power.POWER], until=_is_down, deadline=deadline)
        if not _is_down(values):
            raise TaskUnfinished(f"{target}: its guest is not down yet")


def _is_down(values: dict[str, Any]) -> bool:
    return bool(values.get(power.POWER, power.ON) != power.ON)
