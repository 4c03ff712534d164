"""``action: create``: have a new, empty virtual machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from pyVmomi import vim

from clients.vsphere import task
from sinks.vsphere.actions.base import Plan
from sinks.vsphere.making import birth, devices, place
from sinks.vsphere.parameters.scale import MEBIBYTE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clients.vsphere.target import Target
    from schemas.cloudevents import CloudEvent
    from sinks.vsphere.making.place import Place
    from sinks.vsphere.parameters.create import CreateParameters


class Create:
    """Makes a machine in a folder, with one disk and at most one network adapter. It is not powered on.

    The same call that makes it writes the action's id into it: so it is known again, and never made twice.
    """

    verifiable: ClassVar = True

    def __init__(self, parameters: CreateParameters) -> None:
        self._parameters = parameters

    @property
    def privileges(self) -> tuple[str, ...]:
        """On the folder and where the machine goes."""
        network = ("Network.Assign",) if self._parameters.network else ()
        return (
            "VirtualMachine.Inventory.Create",
            "VirtualMachine.Config.AddNewDisk",
            "VirtualMachine.Config.AdvancedConfig",
            "Resource.AssignVMToPool",
            "Datastore.AllocateSpace",
            *network,
        )

    def plan(self, target: Target, event: CloudEvent) -> Plan:
        """Whether it is there already, and where it goes."""
        del event  # the mark says whether this has been done
        given, session = self._parameters, target.session
        within = place.datacenter(target)
        if birth.made(target, within, given):
            return Plan(target, ())
        found = place.find(session, within, given, given.disk + given.memory)
        network = devices.network(session, within, given.network, found.sees) if given.network else None
        size = f"{given.cpus} CPUs, {given.memory // MEBIBYTE} MB and a disk of {given.disk // MEBIBYTE} MB"
        change = f"create {given.name} with {size} on {found.store.name}"
        return Plan(target, (change,), (self._spec(found, network), found), birth.before(given))

    def undo(self, target: Target, before: Mapping[str, Any], event: CloudEvent) -> Plan:
        """Delete it, as long as it has the action's mark and is off."""
        del event
        return birth.undo(target, place.datacenter(target), before)

    def start(self, plan: Plan) -> Any:
        """One ``CreateVM_Task``; of an undo one ``Destroy_Task``."""
        if isinstance(plan.spec, birth.Removal):
            return birth.remove(plan)
        spec, found = plan.spec
        folder = plan.target.reference
        return task.start(plan.target.session, lambda: folder.CreateVM_Task(spec, found.pool, found.host))

    def goes_on(self, target: Target, *, since: float) -> bool:
        """Whether a machine of ours is being made somewhere."""
        return birth.goes_on(target, since)

    def _spec(self, found: Place, network: devices.Network | None) -> Any:
        given = self._parameters
        wanted = devices.with_disk(given.disk)
        if network is not None:
            wanted.append(devices.adapter(network, connected=given.connected))
        return vim.vm.ConfigSpec(
            name=given.name,
            numCPUs=given.cpus,
            memoryMB=given.memory // MEBIBYTE,
            guestId=given.guest_id,
            annotation=birth.annotation(given),
            extraConfig=birth.written(given),
            files=vim.vm.FileInfo(vmPathName=f"[{found.store.name}]"),
            deviceChange=wanted,
        )
