"""Which machines could leave a datastore; what the simulators do not have is told in their place on the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pyVmomi import vim

from clients.vsphere import properties
from clients.vsphere.kinds import DATASTORE
from clients.vsphere.target import Target, find
from sinks.vsphere.machine import mobility
from sinks.vsphere.machine.residents import _candidate, residents
from tests.support.machine import finish
from tests.support.told import tell

if TYPE_CHECKING:
    from clients.vsphere.session import Session
    from sinks.vsphere.actions import Candidate

pytestmark = pytest.mark.stack

Disk = vim.vm.device.VirtualDisk


@pytest.fixture
def stores(session: Session) -> tuple[Any, Any]:
    """Both datastores; new machines are on the first."""
    return find([session], "LocalDS_0", DATASTORE).reference, find([session], "LocalDS_1", DATASTORE).reference


def candidate(machine: Target, store: Any) -> Candidate | None:
    """What is said of a machine on a datastore, among all that are there."""
    found = residents(Target(machine.session, store, "store"))
    assert sorted(each.target.moref for each in found) == [each.target.moref for each in found]
    return next((each for each in found if each.target.moref == machine.moref), None)


def test_a_machine_gives_free_what_its_files_take(machine: Target, stores: tuple[Any, Any]) -> None:
    known = properties.read(machine.session, machine.reference, ["summary.storage"])["summary.storage"]
    assert (machine, known.committed, ()) == candidate(machine, stores[0])
    assert candidate(machine, stores[1]) is None


def test_a_machine_with_snapshots_stays(machine: Target, stores: tuple[Any, Any]) -> None:
    finish(machine.session, machine.reference.CreateSnapshot_Task(name="s", memory=False, quiesce=False))
    found = candidate(machine, stores[0])
    assert found is not None
    assert ("it has snapshots",) == found.reasons


def devices(machine: Target, backing: Any, store: Any) -> dict[str, Any]:
    """The machine's devices, with another disk."""
    values = properties.read(machine.session, machine.reference, [mobility.DEVICES])[mobility.DEVICES]
    backing.datastore, backing.fileName = store, ""
    described = vim.Description(label="Hard disk 9", summary="")
    return {
        mobility.DEVICES: vim.vm.device.VirtualDevice.Array(
            [*values, Disk(key=9, deviceInfo=described, backing=backing)]
        )
    }


FLAT, RAW = Disk.FlatVer2BackingInfo, Disk.RawDiskMappingVer1BackingInfo


@pytest.mark.parametrize(
    ("backing", "place", "reason"),
    [
        (RAW, 0, "Hard disk 9 is a raw device"),
        (lambda: FLAT(sharing="sharingMultiWriter"), 0, "Hard disk 9 is shared by several writers"),
        (lambda: FLAT(parent=FLAT(fileName="[a] base.vmdk")), 0, "Hard disk 9 is a linked clone"),
        (FLAT, 1, "it has files on other datastores, too"),
    ],
    ids=["raw", "shared", "linked", "spread"],
)
def test_a_machine_that_is_tied_to_its_place_says_why(
    machine: Target, stores: tuple[Any, Any], monkeypatch: pytest.MonkeyPatch, *, backing: Any, place: int, reason: str
) -> None:
    both = {"datastore": vim.Datastore.Array([*stores])} if place else {}
    tell(monkeypatch, {machine.moref: devices(machine, backing(), stores[place]) | both})
    found = candidate(machine, stores[0])
    assert found is not None
    assert (reason,) == found.reasons


def test_fault_tolerance_keeps_a_machine(
    machine: Target, stores: tuple[Any, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(monkeypatch, {machine.moref: {mobility.FAULT_TOLERANCE: vim.vm.FaultToleranceConfigInfo(role=1)}})
    found = candidate(machine, stores[0])
    assert found is not None
    assert ("Fault Tolerance protects it",) == found.reasons


def test_a_machine_of_which_nothing_is_told_stays(machine: Target) -> None:
    """One whose host is away has no devices that anybody knows of."""
    found = _candidate(machine, {"datastore": [], "name": machine.name}, "datastore-1")
    assert (machine, 0, ("the vCenter does not tell where its files are",)) == found


def test_a_datastore_that_only_lends_a_machine_a_disc_does_not_have_it(
    machine: Target, stores: tuple[Any, Any]
) -> None:
    cdrom = vim.vm.device.VirtualCdrom
    disc = cdrom(key=3, backing=cdrom.IsoBackingInfo(datastore=stores[1], fileName="[b] tools.iso"))
    values = {"datastore": [*stores], mobility.DEVICES: [Disk(key=2, backing=FLAT(datastore=stores[0])), disc]}
    found = [_candidate(machine, values, store._moId) for store in stores]
    assert (machine, 0, ()) == found[0]
    assert found[1] is None
