"""What keeps a machine from being put away: parts of it that others need, or that are not with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pyVmomi import vim

from clients.vsphere.target import shown_name
from sinks.vsphere.machine import backups, files, mobility, snapshots

if TYPE_CHECKING:
    from collections.abc import Iterator

NEEDED: Final = (mobility.DEVICES, files.PATH)
OPTIONAL: Final = (mobility.FAULT_TOLERANCE, mobility.SNAPSHOTS, snapshots.ROOTS)

_VOLUMES: Final = frozenset({"fcd", "kubevols", "catalog"})
"""Folders of first class disks and of volumes of container platforms."""

_DYNAMIC: Final = ("kubernetes-dynamic-pvc", "pvc-")


def reasons(values: dict[str, Any]) -> list[str]:
    """Why, in words; none when nothing speaks against it.

    Args:
        values: with ``NEEDED``, and with ``OPTIONAL`` where they are set.
    """
    tolerant = ["Fault Tolerance protects it"] if values.get(mobility.FAULT_TOLERANCE) is not None else []
    return [*tolerant, *mobility.shared(values), *_volumes(values), *_astray(values), *_backups(values)]


def _disks(values: dict[str, Any]) -> Iterator[Any]:
    return (each for each in values[mobility.DEVICES] if isinstance(each, vim.vm.device.VirtualDisk))


def _volumes(values: dict[str, Any]) -> Iterator[str]:
    for disk in _disks(values):
        places = [*files.chain(disk)]
        if getattr(disk, "vDiskId", None) is not None:
            yield f"{mobility.label(disk)} is a first class disk"
        elif any(_VOLUMES & {*each.folder.casefold().split("/")} for each in places) or any(
            each.file.casefold().startswith(_DYNAMIC) for each in places
        ):
            yield f"{mobility.label(disk)} is a volume of a container platform"


def _astray(values: dict[str, Any]) -> Iterator[str]:
    home = files.Place.of(str(values[files.PATH])).home
    for disk in _disks(values):
        for place in files.chain(disk):
            if place.home != home:
                yield f"{mobility.label(disk)} has a file in another folder, {place}"
                break


def _backups(values: dict[str, Any]) -> Iterator[str]:
    for tree in snapshots.trees(values.get(snapshots.ROOTS) or ()):
        name = shown_name(str(tree.name))
        if backups.is_backup(name, str(tree.description or "")):
            yield f"the snapshot {name!r} looks like one of a backup product"
