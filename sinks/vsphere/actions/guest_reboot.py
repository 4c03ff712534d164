"""``action: guest-reboot``: have the guest of a virtual machine reboot itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from clients.vsphere.faults import translated
from sinks.vsphere.actions.base import Plan
from sinks.vsphere.machine import power
from sinks.vsphere.machine.boot import begun_anew
from sinks.vsphere.machine.moment import happened

if TYPE_CHECKING:
    from clients.vsphere.target import Target
    from schemas.cloudevents import CloudEvent


class GuestReboot:
    """Asks VMware Tools, unless the machine has begun anew since the event happened.

    No state says that a guest is rebooting: that vSphere has passed the request on is all there is to know.
    """

    privileges: ClassVar = ("VirtualMachine.Interact.Reset",)
    verifiable: ClassVar = False

    def plan(self, target: Target, event: CloudEvent) -> Plan:
        """What the machine has been through since the event, and whether its guest can be asked."""
        if begun_anew(target, happened(event, target.session)):
            return Plan(target, ())
        values = power.read(target)
        power.check_on(target, values)
        power.check_tools(target, values, instead="use hard-reset")
        return Plan(target, ("reboot its guest",))

    def start(self, plan: Plan) -> None:
        """One ``RebootGuest``; vSphere has no task for it."""
        with translated(plan.target.session.name):
            plan.target.reference.RebootGuest()
