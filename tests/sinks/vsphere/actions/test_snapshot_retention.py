from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError
from pyVmomi import vim

from clients.vsphere import properties
from schemas.errors import Retry
from sinks.vsphere.actions.snapshot_retention import SnapshotRetention
from sinks.vsphere.parameters.snapshot_retention import SnapshotRetentionParameters
from tests.sinks.vsphere.acting import about, opened
from tests.sinks.vsphere.actions.looking import snapshots
from tests.sinks.vsphere.actions.preparing import take
from tests.support.machine import finish
from tests.support.told import tell

if TYPE_CHECKING:
    from clients.vsphere.target import Target
    from schemas.config import VcenterConfig
    from sinks.vsphere.actions import Plan
    from tests.support.govc import Govc
    from tests.support.soapcalls import SoapCalls

pytestmark = pytest.mark.stack

Known = dict[str, "VcenterConfig"]

NOW = 0.001


def plan(machine: Target, **parameters: Any) -> Plan:
    given = SnapshotRetentionParameters(**{"names": ("*",), **parameters})
    return SnapshotRetention(given).plan(machine, about(machine))


def test_somebody_has_to_say_when_a_snapshot_has_had_its_time() -> None:
    with pytest.raises(ValidationError, match="no snapshot has had its time"):
        SnapshotRetentionParameters(names=("*",))
    with pytest.raises(ValidationError):
        SnapshotRetentionParameters(names=(), older_than=NOW)


def test_a_young_snapshot_stays(machine: Target) -> None:
    take(machine, "a")
    assert () == plan(machine, older_than=3600).changes


def test_a_machine_without_snapshots_needs_nothing(machine: Target) -> None:
    assert () == plan(machine, older_than=NOW, larger_than=1).changes


def test_a_backup_products_snapshot_stays_whatever_the_names_say(machine: Target) -> None:
    take(machine, "VEEAM BACKUP TEMPORARY SNAPSHOT")
    assert () == plan(machine, older_than=NOW).changes


def test_a_description_may_say_that_a_snapshot_may_go(machine: Target) -> None:
    started = machine.reference.CreateSnapshot_Task(name="x", description="by reflexarc", memory=False, quiesce=False)
    finish(machine.session, started)
    assert ("delete the snapshot x",) == plan(machine, names=("by *",), older_than=NOW).changes


async def test_all_of_them_go_with_one_call(vcenters: Known, machine: Target, govc: Govc, calls: SoapCalls) -> None:
    take(machine, "a", "b")
    calls.changing.clear()
    given, parameters = about(machine), {"names": ["?"], "older_than": NOW}
    async with opened(vcenters, action="snapshot-retention", parameters=parameters) as sink:
        await sink.send(given)
    assert (["RemoveAllSnapshots_Task"], []) == (calls.changing, snapshots(govc, machine, given))


async def test_of_some_among_others_the_oldest_goes_first_and_the_next_with_the_next_attempt(
    vcenters: Known, machine: Target, govc: Govc
) -> None:
    take(machine, "old 1", "kept", "old 2")
    given, parameters = about(machine), {"names": ["old*"], "older_than": NOW}
    assert ("delete the snapshot old 1, and 1 more after it",) == plan(machine, **parameters).changes
    async with opened(vcenters, action="snapshot-retention", parameters=parameters) as sink:
        with pytest.raises(Retry, match="still to do: delete the snapshot old 2"):
            await sink.send(given)
        await sink.send(given)
    assert ["kept"] == snapshots(govc, machine, given)


def test_a_large_snapshot_goes_however_young(machine: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    take(machine, "a")
    taken = properties.read(machine.session, machine.reference, ["snapshot.currentSnapshot"])[
        "snapshot.currentSnapshot"
    ]
    layout = vim.vm.FileLayoutEx
    files = [layout.FileInfo(key=1, name="", type="", size=2**30)]
    shown = [layout.SnapshotLayout(key=taken, dataKey=1, memoryKey=-1, disk=[])]
    tell(monkeypatch, {machine.moref: {"layoutEx": layout(file=files, snapshot=shown, disk=[])}})
    assert ("delete the snapshot a",) == plan(machine, larger_than=2**30 - 1).changes
    assert () == plan(machine, larger_than=2**30).changes
