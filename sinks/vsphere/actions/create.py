"""``action: create``: have a new, empty virtual machine."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from pyVmomi import vim

from sinks.vsphere.actions.base import Plan
from sinks.vsphere.machine.reservations import OF_THIS_PROCESS, Reservations
from sinks.vsphere.making import birth, devices, place
from sinks.vsphere.making.maker import Maker, Making
from sinks.vsphere.parameters.scale import MEBIBYTE

if TYPE_CHECKING:
    from clients.vsphere.target import Target
    from schemas.cloudevents import CloudEvent
    from sinks.vsphere.making.place import Place
    from sinks.vsphere.parameters.create import CreateParameters


class Create(Maker):
    """Makes a machine in a folder, with one disk and at most one network adapter. It is not powered on.

    The same call that makes it writes the action's id into it: so it is known again, and never made twice.
    """

    def __init__(self, parameters: CreateParameters, pending: Reservations = OF_THIS_PROCESS) -> None:
        super().__init__(parameters, pending)
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
        if self._is_made(target, within):
            return Plan(target, ())
        needs = given.disk + given.memory
        found = self._place(target, within, needs)
        network = devices.network(session, within, given.network, found.sees) if given.network else None
        size = f"{given.cpus} CPUs, {given.memory // MEBIBYTE} MB and a disk of {given.disk // MEBIBYTE} MB"
        change = f"create {given.name} with {size} on {found.store.name}"
        folder, spec = target.reference, self._spec(found, network)
        call = partial(folder.CreateVM_Task, spec, found.pool, found.host)
        return self._planned(target, change, Making(call, found.store.reference, needs))

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
