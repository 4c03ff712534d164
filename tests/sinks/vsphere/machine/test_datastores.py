from __future__ import annotations

from typing import Any

import pytest
from pyVmomi import vim

from sinks.vsphere.machine.datastores import missing, size, used

A, B = vim.Datastore("a"), vim.Datastore("b")
Disk, Cdrom = vim.vm.device.VirtualDisk, vim.vm.device.VirtualCdrom


def disk(store: Any, capacity: int = 0) -> Any:
    return Disk(key=1, backing=Disk.FlatVer2BackingInfo(datastore=store), capacityInBytes=capacity)


def disc(store: Any) -> Any:
    return Cdrom(key=2, backing=Cdrom.IsoBackingInfo(datastore=store))


def values(*devices: Any, **more: Any) -> dict[str, Any]:
    return {"datastore": [A, B], "config.hardware.device": list(devices), **more}


def test_a_datastore_that_only_lends_a_disc_is_not_the_machines_own() -> None:
    assert [A] == used(values(disk(A), disc(B)))


def test_one_that_holds_a_disk_and_a_disc_is() -> None:
    assert [A, B] == used(values(disk(A), disk(B), disc(B)))


def test_a_disc_without_a_datastore_says_nothing() -> None:
    assert [A, B] == used(values(disk(A), Cdrom(key=3)))


def test_the_vcenter_knows_the_size_or_else_the_disks_do() -> None:
    known = vim.vm.Summary.StorageSummary(committed=7)
    assert (7, 30) == (size(values(disk(A), **{"summary.storage": known})), size(values(disk(A, 10), disk(B, 20))))


@pytest.mark.parametrize(
    ("free", "headroom", "percent", "expected"),
    [(100, 150, 0, 50), (100, 0, 20, 101), (201, 0, 20, 0), (300, 100, 20, -99), (100, 300, 20, 200)],
)
def test_what_is_missing_is_what_the_larger_of_both_headrooms_asks_for(
    free: int, headroom: int, percent: int, expected: int
) -> None:
    assert expected == missing(free, 1001, headroom=headroom, percent=percent)
