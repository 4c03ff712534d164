"""Machines that are not made, and where those go that are."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Any

import pytest
from pyVmomi import vim

from clients.vsphere import properties
from clients.vsphere.kinds import CLUSTER, DATASTORE, FOLDER, HOST
from clients.vsphere.target import find, moref
from schemas.errors import Reject
from sinks.vsphere.actions.create import Create
from sinks.vsphere.machine.reservations import Place, Reservations
from sinks.vsphere.parameters.create import CreateParameters
from tests.sinks.vsphere.acting import about
from tests.sinks.vsphere.actions.preparing import MADE, unmake
from tests.support.machine import finish, power_on, reconfigure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clients.vsphere.session import Session
    from clients.vsphere.target import Target
    from sinks.vsphere.actions import Plan

pytestmark = pytest.mark.stack

NAME = str(MADE["name"])


@pytest.fixture
def folder(session: Session) -> Iterator[Target]:
    folder = find([session], "/DC0/vm", FOLDER)
    yield folder
    unmake(folder)


def action(**fields: Any) -> Create:
    return Create(CreateParameters.model_validate({**MADE, **fields}))


def plan(folder: Target, **fields: Any) -> Plan:
    return action(**fields).plan(folder, about(folder))


def make(folder: Target, **fields: Any) -> Target:
    wanted = action(**fields)
    finish(folder.session, wanted.start(wanted.plan(folder, about(folder))))
    return find([folder.session], str({**MADE, **fields}["name"]))


def test_another_machine_of_that_name_is_a_refusal_with_it(folder: Target) -> None:
    made = make(folder)
    with pytest.raises(Reject, match="Already Exists: ") as refusal:
        plan(folder, mark="f" * 16, name=NAME.upper())
    assert made.moref in str(refusal.value)


def test_what_was_made_is_known_by_its_mark_whatever_it_is_called(folder: Target) -> None:
    made = make(folder)
    finish(folder.session, made.reference.Rename_Task("renamed"))
    try:
        assert () == plan(folder).changes
    finally:
        finish(folder.session, made.reference.Rename_Task(NAME))


def test_it_says_in_its_notes_who_has_made_it_and_for_whom(folder: Target) -> None:
    notes = properties.read(folder.session, make(folder).reference, ["config.annotation"])["config.annotation"]
    assert "Made by reflexarc for Anna O'Neil, until 2026-12-24T18:00:00Z (action 0123456789abcdef)." == notes


def test_it_goes_to_the_named_host_pool_and_datastore(folder: Target, request: pytest.FixtureRequest) -> None:
    root = properties.read(folder.session, find([folder.session], "DC0_C0", CLUSTER).reference, ["resourcePool"])
    shares = vim.ResourceAllocationInfo(
        reservation=0, expandableReservation=True, limit=-1, shares=vim.SharesInfo(shares=0, level="normal")
    )
    spec = vim.ResourceConfigSpec(cpuAllocation=shares, memoryAllocation=shares)
    pool = root["resourcePool"].CreateResourcePool("self-service", spec)
    request.addfinalizer(lambda: finish(folder.session, pool.Destroy_Task()))
    made = make(folder, host="dc0_c0_h1", pool="Self-Service", datastore=["*_1"])
    request.addfinalizer(lambda: unmake(folder))
    paths = ["runtime.host", "resourcePool", "datastore"]
    values = properties.read(folder.session, made.reference, paths)
    names = [
        properties.read(folder.session, each, ["name"])["name"]
        for each in (values["runtime.host"], values["resourcePool"], *values["datastore"])
    ]
    assert ["DC0_C0_H1", "self-service", "LocalDS_1"] == names


def test_without_drs_it_goes_to_the_host_with_most_free_memory(folder: Target) -> None:
    cluster = find([folder.session], "DC0_C0", CLUSTER).reference
    switched = vim.cluster.ConfigSpecEx(drsConfig=vim.cluster.DrsConfigInfo(enabled=False))
    finish(folder.session, cluster.ReconfigureComputeResource_Task(switched, modify=True))
    try:
        call = plan(folder).spec.call
    finally:
        switched.drsConfig.enabled = True
        finish(folder.session, cluster.ReconfigureComputeResource_Task(switched, modify=True))
    assert moref(call.args[2]) in {find([folder.session], name, HOST).moref for name in ("DC0_C0_H0", "DC0_C0_H1")}
    assert plan(folder).spec.call.args[2] is None


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"cluster": "C9"}, r"no cluster is called 'C9' in vc1: there are DC0_C0 \("),
        ({"host": "H9"}, "no host is called 'H9' in vc1: there are DC0_C0_H0"),
        ({"cluster": "DC0_C0", "host": "H9"}, "no host is called 'H9' in DC0_C0"),
        ({"pool": "P9"}, "no resource pool is called 'P9' in DC0_C0: there are"),
        ({"datastore": ["ssd-*"]}, r"no datastore is called ssd-\*: there are LocalDS_0, LocalDS_1"),
        ({"headroom": 2**50}, "no datastore has room for it: LocalDS_0, LocalDS_1 would be too full"),
        ({"network": "N9"}, "no network is called 'N9' in reach of its hosts: there are VM Network"),
    ],
    ids=str,
)
def test_a_place_that_is_not_there_is_a_refusal_with_those_that_are(
    folder: Target, fields: dict[str, Any], reason: str
) -> None:
    with pytest.raises(Reject, match=reason):
        plan(folder, **fields)


def test_room_that_others_on_their_way_will_take_is_taken(folder: Target) -> None:
    def planned(pending: Reservations) -> Plan:
        return Create(CreateParameters.model_validate(MADE), pending).plan(folder, about(folder))

    pending, others = Reservations(), {}
    for name in ("LocalDS_0", "LocalDS_1"):
        others[name] = Place("vc1", find([folder.session], name, DATASTORE).moref)
    pending.hold(Place("vc1", "other-1"), others["LocalDS_0"], 2**60)
    assert planned(pending).changes[0].endswith("on LocalDS_1")
    pending.release(Place("vc1", "other-1"))
    pending.hold(Place("vc1", "other-2"), others["LocalDS_1"], 2**60)
    assert planned(pending).changes[0].endswith("on LocalDS_0")
    pending.hold(Place("vc1", "other-1"), others["LocalDS_0"], 2**60)
    with pytest.raises(Reject, match="no datastore has room for it"):
        planned(pending)


def test_its_own_room_is_taken_until_it_is_made(folder: Target) -> None:
    pending = Reservations()
    wanted = Create(CreateParameters.model_validate({**MADE, "datastore": ["LocalDS_0"]}), pending)
    store = Place("vc1", find([folder.session], "LocalDS_0", DATASTORE).moref)
    started = wanted.start(wanted.plan(folder, about(folder)))
    assert 2 * 128 * 2**20 == pending.taken(store, by_others_than=Place("vc1", "nobody"))
    wanted.wait(folder, started, deadline=monotonic() + 10)
    assert 0 == pending.taken(store, by_others_than=Place("vc1", "nobody"))


def test_a_folder_of_something_else_takes_no_machine(session: Session) -> None:
    with pytest.raises(Reject, match="is no folder of virtual machines: name one below vm"):
        plan(find([session], "/DC0/host", FOLDER))


def test_an_adapter_may_be_on_a_distributed_switch(folder: Target) -> None:
    made = make(folder, network="DC0_DVPG0", connected=True)
    path = "config.hardware.device"
    devices = properties.read(folder.session, made.reference, [path])[path]
    (adapter,) = [each for each in devices if isinstance(each, vim.vm.device.VirtualEthernetCard)]
    group = find_group(folder)
    assert (group, True) == (adapter.backing.port.portgroupKey, adapter.connectable.startConnected)


def find_group(folder: Target) -> str:
    rows = properties.read_all(folder.session, vim.dvs.DistributedVirtualPortgroup, ["name", "key"])
    return next(str(row.values["key"]) for row in rows if row.values["name"] == "DC0_DVPG0")


def undo(folder: Target) -> Plan:
    given = about(folder)
    return action().undo(folder, {"name": NAME, "mark": MADE["mark"]}, given)


def test_what_runs_is_not_deleted_by_an_undo(folder: Target) -> None:
    power_on(make(folder))
    with pytest.raises(Reject, match="is not powered off"):
        undo(folder)


def test_a_machine_without_the_mark_is_not_deleted_by_an_undo(folder: Target) -> None:
    made = make(folder)
    reconfigure(made, extraConfig=[vim.option.OptionValue(key="reflexarc.action", value="f" * 16)])
    assert () == undo(folder).changes
