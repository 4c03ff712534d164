"""What keeps a machine where it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pyVmomi import vim

if TYPE_CHECKING:
    from collections.abc import Iterator

DEVICES: Final = "config.hardware.device"
FAULT_TOLERANCE: Final = "config.ftInfo"
SNAPSHOTS: Final = "snapshot"

_RAW: Final = (
    vim.vm.device.VirtualDisk.RawDiskMappingVer1BackingInfo,
    vim.vm.device.VirtualDisk.RawDiskVer2BackingInfo,
)

_UNSHARED: Final = {None, "", "sharingNone"}


def pinned(values: dict[str, Any]) -> list[str]:
    """Why a machine is not moved to another host, in words; none when nothing speaks against it.

    Args:
        values: with ``DEVICES``, and with ``FAULT_TOLERANCE`` where it is set.
    """
    return [*(["Fault Tolerance protects it"] if values.get(FAULT_TOLERANCE) is not None else []), *_buses(values)]


def anchored(values: dict[str, Any]) -> list[str]:
    """Why a machine's files are not moved, in words; none when nothing speaks against it.

    Args:
        values: as for ``pinned``, and with ``SNAPSHOTS`` where it is set.
    """
    snapshots = ["it has snapshots"] if values.get(SNAPSHOTS) is not None else []
    return [*pinned(values), *snapshots, *_disks(values)]


def shared(values: dict[str, Any]) -> list[str]:
    """What a machine has together with others, in words; ``values`` as for ``anchored``."""
    return [*_buses(values), *_disks(values)]


def _buses(values: dict[str, Any]) -> Iterator[str]:
    for device in values[DEVICES]:
        if isinstance(device, vim.vm.device.VirtualSCSIController) and device.sharedBus not in {"noSharing", ""}:
            yield f"{label(device)} shares its bus"


def _disks(values: dict[str, Any]) -> Iterator[str]:
    for device in values[DEVICES]:
        if not isinstance(device, vim.vm.device.VirtualDisk):
            continue
        backing = device.backing
        if isinstance(backing, _RAW):
            yield f"{label(device)} is a raw device"
        if getattr(backing, "sharing", None) not in _UNSHARED:
            yield f"{label(device)} is shared by several writers"
        if getattr(backing, "parent", None) is not None and values.get(SNAPSHOTS) is None:
            yield f"{label(device)} is a linked clone"


def label(device: Any) -> str:
    """What the vCenter calls a device."""
    described = device.deviceInfo
    return str(described.label) if described is not None else f"device {device.key}"
