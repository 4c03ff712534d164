"""Datastores that a machine's host can write to, and how much room there is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pyVmomi import vim

from clients.vsphere import properties
from clients.vsphere.target import moref, shown_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clients.vsphere.session import Session

_PATHS: Final = (
    "host",
    "name",
    "parent",
    "summary.accessible",
    "summary.capacity",
    "summary.freeSpace",
    "summary.maintenanceMode",
    "summary.multipleHostAccess",
)

_ALONE: Final = ("name", "summary.accessible", "summary.capacity", "summary.freeSpace")


@dataclass(frozen=True, slots=True)
class Room:
    """One datastore, as one host sees it.

    Attributes:
        reference: the datastore.
        name: as people write it.
        capacity: bytes.
        free: bytes.
        pod: the datastore cluster it is in.
        ready: whether the host can write to it, and nobody is about to empty it.
        shared: whether several hosts see it.
    """

    reference: Any
    name: str
    capacity: int
    free: int
    pod: Any | None
    ready: bool
    shared: bool

    def keeps(self, size: int, *, headroom: int, percent: int) -> bool:
        """Whether as much stays free as should, with ``size`` bytes more in it."""
        return missing(self.free - size, self.capacity, headroom=headroom, percent=percent) <= 0


class Store(NamedTuple):
    """One datastore by itself.

    Attributes:
        name: as people write it.
        capacity: bytes.
        free: bytes.
        accessible: whether any host reaches it; the numbers are old where none does.
    """

    name: str
    capacity: int
    free: int
    accessible: bool


def missing(free: int, capacity: int, *, headroom: int, percent: int) -> int:
    """Bytes that a datastore with so many free lacks of what should stay free; 0 or less when it lacks nothing."""
    return max(headroom, -(-capacity * percent // 100)) - free


def look_at(session: Session, reference: Any) -> Store:
    """A datastore as it is now; costs a call."""
    values = properties.read(session, reference, _ALONE)
    return Store(
        shown_name(values.get("name", moref(reference))),
        int(values.get("summary.capacity") or 0),
        int(values.get("summary.freeSpace") or 0),
        bool(values.get("summary.accessible")),
    )


def seen_by(session: Session, host: Any) -> dict[str, Room]:
    """What a host sees, by moref; costs two calls."""
    found = properties.read(session, host, ["datastore"]).get("datastore", ())
    rows = properties.read_each(session, list(found), _PATHS)
    return {moref(row.reference): _room(row.reference, row.values, moref(host)) for row in rows}


def _room(reference: Any, values: dict[str, Any], host: str) -> Room:
    mounts = values.get("host") or ()
    writable = any(_is_writable(mount.mountInfo) for mount in mounts if moref(mount.key) == host)
    normal = values.get("summary.maintenanceMode", "normal") == "normal"
    parent = values.get("parent")
    return Room(
        reference,
        shown_name(values.get("name", "")),
        capacity=int(values.get("summary.capacity") or 0),
        free=int(values.get("summary.freeSpace") or 0),
        pod=parent if isinstance(parent, vim.StoragePod) else None,
        ready=writable and normal and bool(values.get("summary.accessible")),
        shared=values.get("summary.multipleHostAccess") is True or len(mounts) > 1,
    )


def _is_writable(mount: Any) -> bool:
    return mount.accessMode == "readWrite" and mount.accessible is not False and mount.mounted is not False


def used(values: dict[str, Any]) -> list[Any]:
    """The datastores that hold a machine's own files: not those that only lend it a disc or a floppy.

    Args:
        values: with ``datastore`` and ``config.hardware.device`` of the machine.
    """
    lent: set[str] = set()
    own: set[str] = set()
    for device in values["config.hardware.device"]:
        held = getattr(device.backing, "datastore", None)
        if held is not None:
            media = isinstance(device, (vim.vm.device.VirtualCdrom, vim.vm.device.VirtualFloppy))
            (lent if media else own).add(moref(held))
    return [each for each in values["datastore"] if moref(each) not in lent - own]


def size(values: dict[str, Any]) -> int:
    """Bytes that a machine's files take, as far as the vCenter knows.

    Args:
        values: with ``summary.storage`` of the machine where it is set, and ``config.hardware.device``.
    """
    summary = values.get("summary.storage")
    if summary is not None:
        return int(summary.committed)
    disks: Sequence[Any] = values["config.hardware.device"]
    return sum(int(disk.capacityInBytes or 0) for disk in disks if isinstance(disk, vim.vm.device.VirtualDisk))
