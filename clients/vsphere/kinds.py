"""Kinds of objects that something can be done to, without pyvmomi: what people call them, where events name them."""

from __future__ import annotations

from typing import Final, NamedTuple


class Kind(NamedTuple):
    """One kind.

    Attributes:
        one: the word for it.
        many: its plural.
        field: where the data of an event hold the reference to one, below which ``Type`` and ``Value`` stand.
        classes: managed object classes of such objects, as references name them; the first is the usual one.
    """

    one: str
    many: str
    field: str
    classes: tuple[str, ...]


MACHINE: Final = "VirtualMachine"
HOST: Final = "HostSystem"
DATASTORE: Final = "Datastore"
SWITCH: Final = "VmwareDistributedVirtualSwitch"
CLUSTER: Final = "ClusterComputeResource"
FOLDER: Final = "Folder"

KINDS: Final = {
    MACHINE: Kind("virtual machine", "virtual machines", "Vm.Vm", (MACHINE,)),
    HOST: Kind("host", "hosts", "Host.Host", (HOST,)),
    DATASTORE: Kind("datastore", "datastores", "Ds.Datastore", (DATASTORE,)),
    SWITCH: Kind("distributed switch", "distributed switches", "Dvs.Dvs", (SWITCH, "DistributedVirtualSwitch")),
    CLUSTER: Kind("cluster", "clusters", "ComputeResource.ComputeResource", (CLUSTER,)),
    FOLDER: Kind("folder", "folders", "Parent.Folder", (FOLDER,)),
}
"""By managed object class."""


def kind_of(reference_class: str) -> str:
    """The kind that a class of references belongs to; the class itself where none of ``KINDS`` fits."""
    return next((name for name, kind in KINDS.items() if reference_class in kind.classes), reference_class)
