from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from schemas.errors import Reject
from sinks.vsphere.actions.snapshot import Snapshot
from sinks.vsphere.parameters.snapshot import SnapshotParameters
from tests.sinks.vsphere.acting import about, opened
from tests.sinks.vsphere.actions.looking import value
from tests.support.machine import finish, power_off, tools

if TYPE_CHECKING:
    from clients.vsphere.target import Target
    from schemas.config import VcenterConfig
    from sinks.vsphere.actions import Plan
    from tests.support.govc import Govc
    from tests.support.soapcalls import SoapCalls

pytestmark = pytest.mark.stack

Known = dict[str, "VcenterConfig"]


def plan(machine: Target, **parameters: Any) -> Plan:
    return Snapshot(SnapshotParameters(**parameters)).plan(machine, about(machine, id="e1"))


def take(machine: Target, name: str) -> None:
    started = machine.reference.CreateSnapshot_Task(name=name, description="", memory=False, quiesce=False)
    finish(machine.session, started)


async def test_each_event_gets_one_up_to_the_limit(vcenters: Known, machine: Target, govc: Govc) -> None:
    parameters = {"name": "{id} of {data.Vm.Name}", "description": "{type}", "limit": 2}
    async with opened(vcenters, action="snapshot", parameters=parameters) as sink:
        for number in ("e1", "e2"):
            await sink.send(about(machine, id=number, type="t"))
        with pytest.raises(Reject, match="has 2 snapshots already: delete some, or raise limit"):
            await sink.send(about(machine, id="e3"))
        await sink.send(about(machine, id="e1"))
    (root,) = value(govc, machine, "snapshot")["rootSnapshotList"]
    (child,) = root["childSnapshotList"]
    expected = [(f"e1 of {machine.name}", "t"), (f"e2 of {machine.name}", "t")]
    assert expected == [(each["name"], each["description"]) for each in (root, child)]


@pytest.mark.parametrize("stored", ["e1 50% a/b", "e1 50%25 a%2fb"])
def test_a_snapshot_is_known_however_its_name_is_stored(machine: Target, stored: str) -> None:
    take(machine, stored)
    assert () == plan(machine, name="{id} 50% a/b").changes


def test_a_name_that_only_begins_alike_is_another(machine: Target) -> None:
    take(machine, "e1 (reflexarc) 2")
    assert ("take the snapshot e1 (reflexarc)",) == plan(machine).changes


def test_a_name_that_vsphere_would_not_take_is_rejected(machine: Target) -> None:
    with pytest.raises(Reject, match="longer than 80 characters"):
        plan(machine, name=f"{'x' * 79}{{id}}")


def test_a_machine_that_runs_comes_to_rest_only_by_its_tools(machine: Target) -> None:
    tools(machine, running=False)
    with pytest.raises(Reject, match=r"VMware Tools do not run.*set quiesce to false"):
        plan(machine, quiesce=True)


def test_a_machine_that_is_off_is_at_rest(machine: Target) -> None:
    power_off(machine)
    tools(machine, running=False)
    assert ("take the snapshot e1 (reflexarc)",) == plan(machine, quiesce=True).changes


def test_a_description_of_any_length_is_not_sent(machine: Target) -> None:
    given = about(machine, id="e1", source="x" * 5000)
    assert 1024 == len(Snapshot(SnapshotParameters()).plan(machine, given).spec.description)


@pytest.mark.parametrize(("memory", "quiesce"), [(False, False), (True, False), (False, True)])
async def test_memory_and_rest_are_asked_for_where_they_are_wanted(
    vcenters: Known, machine: Target, calls: SoapCalls, *, memory: bool, quiesce: bool
) -> None:
    parameters = {"memory": memory, "quiesce": quiesce}
    async with opened(vcenters, action="snapshot", parameters=parameters) as sink:
        await sink.send(about(machine, id="e1", type="t", source="s"))
    assert [("e1 (reflexarc)", "t of s", memory, quiesce)] == calls.arguments


def test_an_undo_keeps_snapshots_of_others_and_knows_ours_by_its_name(machine: Target) -> None:
    for name in ("theirs", "e1 (reflexarc)"):
        take(machine, name)
    undone = Snapshot(SnapshotParameters()).undo(machine, {"snapshot": "e1 (reflexarc)"}, about(machine))
    finish(machine.session, Snapshot(SnapshotParameters()).start(undone))
    assert ("take the snapshot e1 (reflexarc)",) == plan(machine).changes
    assert () == Snapshot(SnapshotParameters()).undo(machine, {"snapshot": "gone"}, about(machine)).changes


def test_an_undo_with_two_of_the_name_is_refused(machine: Target) -> None:
    for _ in range(2):
        take(machine, "e1 (reflexarc)")
    with pytest.raises(Reject, match="2 snapshots called e1"):
        Snapshot(SnapshotParameters()).undo(machine, {"snapshot": "e1 (reflexarc)"}, about(machine))
