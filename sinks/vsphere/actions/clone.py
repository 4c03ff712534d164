"""``action: clone``: have a virtual machine that is like another one, or like a template."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from pyVmomi import vim

from clients.vsphere.faults import VsphereFault, translated
from schemas.config.units import format_size
from schemas.errors import Reject
from sinks.vsphere.actions.base import Plan
from sinks.vsphere.machine import mobility
from sinks.vsphere.machine.reservations import OF_THIS_PROCESS, Reservations
from sinks.vsphere.making import birth, devices, naming, place
from sinks.vsphere.making.maker import Maker, Making
from sinks.vsphere.parameters.scale import MEBIBYTE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clients.vsphere.session import Session
    from clients.vsphere.target import Target
    from schemas.cloudevents import CloudEvent
    from sinks.vsphere.making.naming import Known
    from sinks.vsphere.parameters.clone import CloneParameters

TEMPLATE: Final = "config.template"
CPUS: Final = "config.hardware.numCPU"
MEMORY: Final = "config.hardware.memoryMB"

NEEDED: Final = (TEMPLATE, CPUS, MEMORY, mobility.DEVICES)


class Clone(Maker):
    """Clones a machine or a template into a folder, with an id by which it is known again, and never made twice.

    Unless told otherwise the clone is off, and none of its network adapters is connected.
    """

    def __init__(self, parameters: CloneParameters, pending: Reservations = OF_THIS_PROCESS) -> None:
        super().__init__(parameters, pending)
        self._parameters = parameters

    @property
    def privileges(self) -> tuple[str, ...]:
        """On the folder, the source and where the machine goes."""
        given = self._parameters
        customize = ("VirtualMachine.Provisioning.Customize", "VirtualMachine.Provisioning.ReadCustSpecs")
        return (
            "VirtualMachine.Inventory.CreateFromExisting",
            "VirtualMachine.Provisioning.Clone",
            "VirtualMachine.Provisioning.DeployTemplate",
            "VirtualMachine.Config.AdvancedConfig",
            "VirtualMachine.Config.EditDevice",
            "Resource.AssignVMToPool",
            "Datastore.AllocateSpace",
            *(customize if given.customization else ()),
            *(("VirtualMachine.Interact.PowerOn",) if given.power_on else ()),
        )

    def plan(self, target: Target, event: CloudEvent) -> Plan:
        """Whether it is there already, what is cloned, and where it goes."""
        del event  # the mark says whether this has been done
        given, session = self._parameters, target.session
        within = place.datacenter(target)
        if self._is_made(target, within):
            return Plan(target, ())
        source = self._source(session)
        needs = _disks(source) + int(source.values[MEMORY]) * MEBIBYTE
        found = self._place(target, within, needs)
        location = vim.vm.RelocateSpec(pool=found.pool, host=found.host, datastore=found.store.reference)
        changes = devices.cloned(source.values[mobility.DEVICES], connected=given.connected)
        spec = vim.vm.CloneSpec(
            location=location,
            powerOn=given.power_on,
            template=False,
            customization=self._customization(session),
            config=vim.vm.ConfigSpec(
                annotation=birth.annotation(given), extraConfig=birth.written(given), deviceChange=changes
            ),
        )
        change = f"clone {given.name} from {source} on {found.store.name}"
        call = partial(source.reference.CloneVM_Task, folder=target.reference, name=given.name, spec=spec)
        return self._planned(target, change, Making(call, found.store.reference, needs))

    def _source(self, session: Session) -> Known:
        given = self._parameters
        word = "template" if given.template else "virtual machine"
        known = naming.every(session, vim.VirtualMachine, [TEMPLATE])
        found = naming.only(
            known,
            given.source,
            word,
            where=f"vCenter {session.name}",
            also=lambda each: bool(each.values.get(TEMPLATE)) or not given.template,
        )
        read = naming.read(session, found, NEEDED)
        # A clone of a linked clone, or of a machine with snapshots, has disks of its own.
        values = {**read.values, mobility.SNAPSHOTS: True}
        if reasons := [*mobility.shared(values), *self._excess(read)]:
            raise Reject(f"{found} is not cloned: {', '.join(reasons)}")
        return read

    def _excess(self, source: Known) -> Iterator[str]:
        given, values = self._parameters, source.values
        memory, disks = int(values[MEMORY]) * MEBIBYTE, _disks(source)
        if int(values[CPUS]) > given.max_cpus:
            yield f"it has {values[CPUS]} CPUs, and max_cpus is {given.max_cpus}"
        if memory > given.max_memory:
            yield f"it has {format_size(memory)} of memory, and max_memory is {format_size(given.max_memory)}"
        if disks > given.max_disk:
            yield f"its disks have {format_size(disks)}, and max_disk is {format_size(given.max_disk)}"

    def _customization(self, session: Session) -> Any | None:
        name = self._parameters.customization
        if not name:
            return None
        try:
            with translated(session.name):
                return session.content.customizationSpecManager.GetCustomizationSpec(name).spec
        except VsphereFault as fault:
            if fault.fault == "NotFound":
                raise Reject(f"vCenter {session.name} has no customization specification {name!r}") from fault
            raise


def _disks(source: Known) -> int:
    """Bytes of all disks of a machine."""
    found = (each for each in source.values[mobility.DEVICES] if isinstance(each, vim.vm.device.VirtualDisk))
    return sum(int(disk.capacityInKB or 0) * 1024 for disk in found)
