"""Machines that are not put away, and those that do not come back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pyVmomi import vim

from clients.vsphere import properties
from clients.vsphere.kinds import DATASTORE
from clients.vsphere.target import find
from schemas.errors import Reject
from sinks.vsphere.actions.quarantine import Quarantine
from sinks.vsphere.machine.files import Place
from sinks.vsphere.parameters.quarantine import QuarantineParameters
from tests.sinks.vsphere.acting import about
from tests.sinks.vsphere.actions.preparing import MARK, bring_back, place, put, take, wipe
from tests.support.machine import finish, machine_of_its_own, power_off, power_on, reconfigure
from tests.support.told import tell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clients.vsphere.target import Target
    from sinks.vsphere.actions import Plan

pytestmark = pytest.mark.stack

DEVICES = "config.hardware.device"


@pytest.fixture
def off(machine: Target) -> Iterator[Target]:
    power_off(machine)
    yield machine
    bring_back(machine)


def action(machine: Target, **fields: Any) -> Quarantine:
    path = fields.pop("path", None) or place(machine)
    return Quarantine(QuarantineParameters.model_validate({"path": path, "mark": MARK, **fields}))


def plan(machine: Target, **fields: Any) -> Plan:
    return action(machine, **fields).plan(machine, about(machine))


def step(wanted: Quarantine, planned: Plan) -> None:
    assert planned.changes
    if (started := wanted.start(planned)) is not None:
        finish(planned.target.session, started)


def put_away(machine: Target) -> tuple[Quarantine, Any]:
    wanted = action(machine)
    first = wanted.plan(machine, about(machine))
    step(wanted, first)
    step(wanted, wanted.plan(machine, about(machine)))
    return wanted, dict(first.before)


def owned(machine: Target, owner: str) -> None:
    reconfigure(machine, extraConfig=[vim.option.OptionValue(key="reflexarc.owner", value=owner)])


def test_what_runs_stays(off: Target) -> None:
    power_on(off)
    with pytest.raises(Reject, match=r"is not put away: it is not powered off \(power-off stops it\)"):
        plan(off)
    power_off(off)


def test_what_has_another_lease_by_now_stays(off: Target) -> None:
    ended = "2026-11-01T00:00:00Z"
    with pytest.raises(Reject, match="its lease ends never by now"):
        plan(off, lease=ended)
    for lease in (ended, "2026-12-24T18:00:00Z"):
        reconfigure(off, extraConfig=[vim.option.OptionValue(key="reflexarc.lease", value=lease)])
        if lease == ended:
            assert plan(off, lease=ended).changes
    with pytest.raises(Reject, match="its lease ends 2026-12-24T18:00:00Z by now"):
        plan(off, lease=ended)


def test_what_belongs_to_somebody_else_or_to_nobody_stays(off: Target) -> None:
    with pytest.raises(Reject, match="belongs to nobody that it names, not to Anna"):
        plan(off, owner="Anna")
    owned(off, "Bert")
    with pytest.raises(Reject, match="belongs to Bert, not to Anna"):
        plan(off, owner="Anna")
    owned(off, "Anna")
    assert plan(off, owner="Anna").changes


def test_what_lies_elsewhere_by_now_stays(off: Target) -> None:
    with pytest.raises(Reject, match=r"lies at .*, not at \[LocalDS_0\] other/other.vmx \(any more\)"):
        plan(off, path="[LocalDS_0] other/other.vmx")


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"vDiskId": vim.vslm.ID(id="x")}, "is a first class disk"),
        ({"fileName": "[{0.store}] fcd/volume.vmdk"}, "is a volume of a container platform"),
        ({"fileName": "[{0.store}] {0.folder}/pvc-1.vmdk"}, "is a volume of a container platform"),
        ({"fileName": "[other] {0.folder}/x.vmdk"}, r"has a file in another folder, \[other\]"),
        ({"fileName": "[{0.store}] elsewhere/x.vmdk"}, "has a file in another folder"),
        ({"sharing": "sharingMultiWriter"}, "is shared by several writers"),
        ({"parent": "[{0.store}] model/model.vmdk"}, r"has a file in another folder, .* model/model.vmdk"),
        ({"raw": True}, "is a raw device"),
    ],
    ids=str,
)
def test_a_disk_that_others_may_need_keeps_the_machine(
    off: Target, monkeypatch: pytest.MonkeyPatch, fields: dict[str, Any], reason: str
) -> None:
    home = Place.of(place(off))
    devices = properties.read(off.session, off.reference, [DEVICES])[DEVICES]
    (disk,) = (device for device in devices if isinstance(device, vim.vm.device.VirtualDisk))
    for name, value in fields.items():
        if name == "vDiskId":
            disk.vDiskId = value
        elif name == "parent":
            disk.backing.parent = vim.vm.device.VirtualDisk.FlatVer2BackingInfo(
                fileName=value.format(home), diskMode="persistent"
            )
        elif name == "raw":
            disk.backing = vim.vm.device.VirtualDisk.RawDiskMappingVer1BackingInfo(fileName=disk.backing.fileName)
        else:
            setattr(disk.backing, name, value.format(home) if name == "fileName" else value)
    tell(monkeypatch, {off.moref: {DEVICES: devices}})
    with pytest.raises(Reject, match=f"is not put away: .*{reason}"):
        plan(off)


def test_a_snapshot_of_a_backup_product_keeps_it_and_another_one_does_not(off: Target) -> None:
    take(off, "mine")
    assert plan(off).changes
    take(off, "VEEAM BACKUP TEMPORARY SNAPSHOT")
    with pytest.raises(Reject, match="the snapshot 'VEEAM BACKUP TEMPORARY SNAPSHOT' looks like one of a backup"):
        plan(off)


def test_a_template_and_what_is_protected_by_fault_tolerance_stay(off: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    tell(monkeypatch, {off.moref: {"config.template": True, "config.ftInfo": vim.vm.FaultToleranceConfigInfo(role=1)}})
    with pytest.raises(Reject, match="it is a template, Fault Tolerance protects it"):
        plan(off)


def test_a_machine_that_has_something_in_its_folder_keeps_it(off: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    home = Place.of(place(off))
    with machine_of_its_own(off.session) as other:
        devices = properties.read(off.session, other.reference, [DEVICES])[DEVICES]
        (disk,) = (device for device in devices if isinstance(device, vim.vm.device.VirtualDisk))
        base = f"[{home.store}] {home.folder}/{home.folder}.vmdk"
        disk.backing.parent = vim.vm.device.VirtualDisk.FlatVer2BackingInfo(fileName=base, diskMode="persistent")
        with monkeypatch.context() as context:
            tell(context, {other.moref: {DEVICES: devices}})
            with pytest.raises(Reject, match=f"is not put away: {other.name} .* need files of its folder"):
                plan(off)


def test_where_folders_are_objects_the_files_stay_where_they_are(off: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    store = find([off.session], Place.of(place(off)).store, DATASTORE)
    tell(monkeypatch, {store.moref: {"summary.type": "vsan"}})
    wanted = action(off)
    first = wanted.plan(off, about(off))
    assert "stay in" in first.changes[0]
    step(wanted, first)
    assert () == wanted.plan(off, about(off)).changes
    back = wanted.undo(off, first.before, about(off))
    assert (f"register {off.name} again",) == back.changes
    step(wanted, back)


def test_what_somebody_has_registered_again_is_not_moved(off: Target) -> None:
    wanted = action(off)
    first = wanted.plan(off, about(off))
    step(wanted, first)
    folder = off.session.content.rootFolder.childEntity[0].vmFolder
    pool = vim.ResourcePool(first.before["pool"], off.session.stub)
    finish(off.session, folder.RegisterVM_Task(path=first.before["path"], asTemplate=False, pool=pool))
    with pytest.raises(Reject, match=r"somebody has registered .* again as vm-"):
        wanted.plan(off, about(off))


def test_files_that_are_nowhere_are_told_of(off: Target) -> None:
    wanted = action(off)
    step(wanted, wanted.plan(off, about(off)))
    home = Place.of(wanted._parameters.path)
    wipe(find([off.session], home.store, DATASTORE), home.folder)
    left = wanted.plan(off, about(off))
    assert () == left.changes
    assert "its files are neither in" in left.left[0]


def test_it_comes_back_with_its_name_and_its_place(off: Target) -> None:
    wanted, before = put_away(off)
    step(wanted, wanted.undo(off, before, about(off)))
    step(wanted, wanted.undo(off, before, about(off)))
    again = find([off.session], off.name)
    values = properties.read(off.session, again.reference, ["parent", "resourcePool", "config.files.vmPathName"])
    assert (before["folder"], before["pool"], before["path"]) == (
        values["parent"]._moId,
        values["resourcePool"]._moId,
        values["config.files.vmPathName"],
    )


def test_it_does_not_come_back_where_something_else_is(off: Target) -> None:
    wanted, before = put_away(off)
    home = Place.of(before["path"])
    put(find([off.session], home.store, DATASTORE), home.folder)
    with pytest.raises(Reject, match="is in use by now"):
        wanted.undo(off, before, about(off))
    wipe(find([off.session], home.store, DATASTORE), home.folder)


def test_what_was_purged_does_not_come_back(off: Target) -> None:
    wanted, before = put_away(off)
    wipe(find([off.session], Place.of(before["path"]).store, DATASTORE), "reflexarc-quarantine")
    with pytest.raises(Reject, match=f"the files of {off.name} are neither in .* nor in"):
        wanted.undo(off, before, about(off))


@pytest.mark.parametrize(("key", "word"), [("folder", "folder"), ("pool", "resource pool")])
def test_without_its_place_it_does_not_come_back_by_itself(off: Target, key: str, word: str) -> None:
    wanted, before = put_away(off)
    step(wanted, wanted.undo(off, before, about(off)))
    with pytest.raises(Reject, match=f"the {word} that {off.name} was in is not there any more"):
        wanted.undo(off, {**before, key: "gone-1"}, about(off))
