"""``action: destroy``: have a virtual machine no more, nor its disks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from clients.vsphere import task
from schemas.errors import Reject
from sinks.vsphere import tags
from sinks.vsphere.actions.base import Plan
from sinks.vsphere.machine import files, mobility, power, state

if TYPE_CHECKING:
    from clients.vsphere.target import Target
    from schemas.cloudevents import CloudEvent
    from sinks.vsphere.parameters.destroy import DestroyParameters


class Destroy:
    """Deletes a machine that is off and carries the tag, with all its disks. Nothing brings it back.

    vSphere deletes every disk that is attached. So a machine with one that others may need is refused: shared ones, and
    those that lie in another folder than the machine itself, as volumes of container platforms do.
    """

    privileges: ClassVar = ("VirtualMachine.Inventory.Delete",)
    verifiable: ClassVar = True

    def __init__(self, parameters: DestroyParameters) -> None:
        self._parameters = parameters

    def plan(self, target: Target, event: CloudEvent) -> Plan:
        """Whether the machine may be deleted; one that is not there any more is no machine to plan for."""
        del event  # a machine that is gone is as it should be
        paths = [power.POWER, mobility.DEVICES, files.PATH]
        values = state.read(target, paths, [mobility.FAULT_TOLERANCE, mobility.SNAPSHOTS])
        if values[power.POWER] != power.OFF:
            raise Reject(f"{target} is not powered off: power-off stops it")
        reasons = [*mobility.shared(values), *files.elsewhere(values)]
        if reasons:
            raise Reject(f"{target} is not deleted: {', '.join(reasons)}: detach what others need first")
        given, vcenter = self._parameters, target.session.name
        with tags.tagging(target.session) as service:
            wanted = tags.tag(tags.category(service, vcenter, given.category), vcenter, given.tag)
            if wanted not in tags.carried(service, target):
                raise Reject(f"{target} does not carry the tag {given.category}/{given.tag}: it is not deleted")
        return Plan(target, ("delete it with its disks",))

    def start(self, plan: Plan) -> Any:
        """One ``Destroy_Task``."""
        return task.start(plan.target.session, plan.target.reference.Destroy_Task)
