"""What keeps a machine where it is; the simulators have none of it."""

from __future__ import annotations

from typing import Any

import pytest
from pyVmomi import vim

from sinks.vsphere.machine.mobility import anchored, pinned

Disk = vim.vm.device.VirtualDisk


def disk(backing: Any) -> Any:
    return Disk(key=7, deviceInfo=vim.Description(label="Hard disk 1", summary=""), backing=backing)


def controller(sharing: str) -> Any:
    return vim.vm.device.ParaVirtualSCSIController(key=1, sharedBus=sharing)


PLAIN = [
    disk(Disk.FlatVer2BackingInfo(sharing="sharingNone")),
    disk(Disk.FlatVer2BackingInfo()),
    controller("noSharing"),
]


def test_ordinary_disks_and_controllers_keep_nothing() -> None:
    assert ([], []) == (pinned({"config.hardware.device": PLAIN}), anchored({"config.hardware.device": PLAIN}))


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"config.ftInfo": object()}, "Fault Tolerance protects it"),
        ({"config.hardware.device": [controller("virtualSharing")]}, "device 1 shares its bus"),
        ({"config.hardware.device": [controller("physicalSharing")]}, "device 1 shares its bus"),
    ],
)
def test_what_holds_a_machine_holds_its_files_too(values: dict[str, Any], reason: str) -> None:
    given = {"config.hardware.device": PLAIN, **values}
    assert ([reason], [reason]) == (pinned(given), anchored(given))


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"snapshot": object()}, "it has snapshots"),
        (
            {"config.hardware.device": [disk(Disk.RawDiskMappingVer1BackingInfo(compatibilityMode="virtualMode"))]},
            "Hard disk 1 is a raw device",
        ),
        (
            {"config.hardware.device": [disk(Disk.FlatVer2BackingInfo(sharing="sharingMultiWriter"))]},
            "Hard disk 1 is shared by several writers",
        ),
        (
            {"config.hardware.device": [disk(Disk.FlatVer2BackingInfo(parent=Disk.FlatVer2BackingInfo()))]},
            "Hard disk 1 is a linked clone",
        ),
    ],
)
def test_what_holds_only_the_files(values: dict[str, Any], reason: str) -> None:
    given = {"config.hardware.device": PLAIN, **values}
    assert ([], [reason]) == (pinned(given), anchored(given))
