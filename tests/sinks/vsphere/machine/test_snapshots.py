"""What a snapshot takes, by layouts as real servers have them; the simulators tell nothing of snapshots there."""

from __future__ import annotations

from typing import Any

import pytest
from pyVmomi import vim

from sinks.vsphere.machine.backups import is_backup
from sinks.vsphere.machine.snapshots import size, trees

Layout = vim.vm.FileLayoutEx
BASE, FIRST, SECOND, DATA_1, DATA_2, MEMORY_2 = range(6)
SIZES = {BASE: 1000, FIRST: 100, SECOND: 10, DATA_1: 1, DATA_2: 2, MEMORY_2: 40}


def disk(*files: int) -> list[Any]:
    return [Layout.DiskLayout(key=2000, chain=[Layout.DiskUnit(fileKey=[file]) for file in files])]


def taken(name: str, *children: Any) -> Any:
    return vim.vm.SnapshotTree(snapshot=vim.vm.Snapshot(name), name=name, childSnapshotList=list(children))


CHILD = taken("s2")
ROOT = taken("s1", CHILD)
LAYOUT = Layout(
    file=[Layout.FileInfo(key=key, name="", type="", size=size) for key, size in SIZES.items()],
    disk=disk(BASE, FIRST, SECOND),
    snapshot=[
        Layout.SnapshotLayout(key=ROOT.snapshot, dataKey=DATA_1, memoryKey=-1, disk=disk(BASE)),
        Layout.SnapshotLayout(key=CHILD.snapshot, dataKey=DATA_2, memoryKey=MEMORY_2, disk=disk(BASE, FIRST)),
    ],
)


def test_a_snapshot_takes_what_was_written_until_the_next_one() -> None:
    assert 100 + 1 == size(ROOT, LAYOUT, CHILD.snapshot)


def test_the_current_one_takes_what_was_written_since_and_its_memory() -> None:
    assert 10 + 2 + 40 == size(CHILD, LAYOUT, CHILD.snapshot)


def test_one_that_was_gone_back_from_takes_only_its_own_files() -> None:
    assert 2 + 40 == size(CHILD, LAYOUT, ROOT.snapshot)


def test_one_that_the_layout_does_not_know_has_no_size() -> None:
    assert None is size(taken("s9"), LAYOUT, None)


def test_a_long_chain_is_walked_without_recursion() -> None:
    chain = taken("s")
    for _ in range(3000):
        chain = taken("s", chain)
    assert 3001 == sum(1 for _ in trees([chain]))


@pytest.mark.parametrize(
    ("name", "description"),
    [
        ("VEEAM BACKUP TEMPORARY SNAPSHOT", ""),
        ("Restore Point 2026-01-01", ""),
        ("NBU_SNAPSHOT 17", ""),
        ("_GX_BACKUP_2_", ""),
        ("snap", "Created by Rubrik"),
        ("nightly-Backup", ""),
        ("Consolidate Helper- 0", ""),
    ],
)
def test_snapshots_of_backup_products_are_known(name: str, description: str) -> None:
    assert is_backup(name, description)


def test_ordinary_names_are_not_theirs() -> None:
    assert not is_backup("before update", "taken by reflexarc for event 7")
