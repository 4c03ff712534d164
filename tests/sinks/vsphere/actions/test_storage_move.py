"""Where a machine's files may go.

The simulators have two datastores with room, no datastore cluster with more than one and no recommendation for a move:
how full they are, and what Storage DRS would do, is told in their place on the wire.
"""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st
from pyVmomi import vim

from clients.vsphere import properties
from clients.vsphere.kinds import DATASTORE
from clients.vsphere.target import find
from schemas.errors import Reject
from sinks.vsphere import waiting
from sinks.vsphere.actions.storage_move import StorageMove
from sinks.vsphere.machine.datastores import Room
from sinks.vsphere.machine.reservations import Reservations
from sinks.vsphere.parameters.storage_move import StorageMoveParameters
from tests.sinks.vsphere.acting import about
from tests.support.machine import finish, machine_of_its_own
from tests.support.told import tell

if TYPE_CHECKING:
    from clients.vsphere.session import Session
    from clients.vsphere.target import Target
    from sinks.vsphere.actions import Plan, Shortage

pytestmark = pytest.mark.stack

GIB = 2**30
FULL = {"summary.freeSpace": GIB}


def action(**parameters: Any) -> StorageMove:
    return StorageMove(StorageMoveParameters(**parameters))


def plan(machine: Target, **parameters: Any) -> Plan:
    return action(**parameters).plan(machine, about(machine))


@pytest.fixture
def stores(session: Session) -> tuple[str, str]:
    """Morefs of both datastores; new machines are on the first."""
    return find([session], "LocalDS_0", DATASTORE).moref, find([session], "LocalDS_1", DATASTORE).moref


def test_a_machine_whose_datastore_has_headroom_stays(machine: Target) -> None:
    assert () == plan(machine).changes


def test_a_machine_leaves_a_datastore_without_headroom(
    machine: Target, stores: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(monkeypatch, {stores[0]: FULL})
    found = plan(machine)
    assert ("move it from LocalDS_0 to LocalDS_1",) == found.changes
    assert ([stores[0]], stores[1]) == (found.before["from"], found.before["to"])


def test_a_machine_on_a_datastore_that_it_should_be_on_stays_however_full_that_is(
    machine: Target, stores: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(monkeypatch, {stores[0]: FULL})
    assert () == plan(machine, to=["LOCALDS_?"]).changes


READ_ONLY = vim.Datastore.HostMount(mountInfo=vim.host.MountInfo(accessMode="readOnly", accessible=True, mounted=True))


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        (FULL, "LocalDS_1 has too little headroom"),
        ({"summary.accessible": False}, "LocalDS_1 is not ready"),
        ({"summary.maintenanceMode": "enteringMaintenance"}, "LocalDS_1 is not ready"),
        ({"host": vim.Datastore.HostMount.Array([READ_ONLY])}, "LocalDS_1 is not ready"),
    ],
    ids=["full", "away", "maintenance", "read-only"],
)
def test_a_datastore_that_is_full_or_not_ready_takes_no_machine(
    machine: Target,
    stores: tuple[str, str],
    monkeypatch: pytest.MonkeyPatch,
    *,
    told: dict[str, Any],
    reason: str,
) -> None:
    if "host" in told:
        told["host"][0].key = properties.read(machine.session, machine.reference, ["runtime.host"])["runtime.host"]
    tell(monkeypatch, {stores[0]: FULL, stores[1]: told})
    with pytest.raises(Reject, match=f"no datastore can take .*: {reason}"):
        plan(machine)


def test_a_name_that_no_datastore_of_the_host_has_is_said(machine: Target) -> None:
    with pytest.raises(Reject, match="its host sees none that may be"):
        plan(machine, to=["elsewhere"])


def test_a_machine_with_snapshots_stays_where_it_is(machine: Target) -> None:
    started = machine.reference.CreateSnapshot_Task(name="s", description="", memory=False, quiesce=False)
    finish(machine.session, started)
    with pytest.raises(Reject, match="stays where it is: it has snapshots"):
        plan(machine, to=["LocalDS_1"])


def test_machines_that_are_on_their_way_take_their_room_already(
    session: Session, machine: Target, stores: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pending, parameters = Reservations(), StorageMoveParameters(to=("LocalDS_1",), headroom=20 * GIB)
    large = vim.vm.Summary.StorageSummary(committed=15 * GIB, uncommitted=0, unshared=0)
    with machine_of_its_own(session) as other:
        tell(
            monkeypatch,
            {
                stores[1]: {"summary.freeSpace": 40 * GIB, "summary.capacity": 100 * GIB},
                machine.moref: {"summary.storage": large},
                other.moref: {"summary.storage": large},
            },
        )
        first, second = StorageMove(parameters, pending), StorageMove(parameters, pending)
        started = first.start(first.plan(machine, about(machine)))
        with pytest.raises(Reject, match="LocalDS_1 has too little headroom"):
            second.plan(other, about(other))
        waiting.wait(first, machine, started, deadline=monotonic() + 10)
        assert 1 == len(second.plan(other, about(other)).changes)


def test_a_machine_that_somebody_has_moved_since_is_not_moved_back(machine: Target, stores: tuple[str, str]) -> None:
    with pytest.raises(Reject, match="somebody has moved it since"):
        action().undo(machine, {"from": [stores[1]], "to": "datastore-999"}, about(machine))


def test_files_that_were_on_several_datastores_are_not_moved_back(machine: Target, stores: tuple[str, str]) -> None:
    with pytest.raises(Reject, match="was on 2 datastores"):
        action().undo(machine, {"from": [stores[1], "datastore-999"], "to": stores[0]}, about(machine))


def test_a_datastore_that_has_filled_up_since_takes_nothing_back(
    machine: Target, stores: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(monkeypatch, {stores[1]: {"summary.freeSpace": 1}})
    with pytest.raises(Reject, match="has no room, or its host cannot write there"):
        action().undo(machine, {"from": [stores[1]], "to": stores[0]}, about(machine))


def shortage(session: Session, **parameters: Any) -> Shortage:
    return action(**parameters).shortage(find([session], "LocalDS_0", DATASTORE))


def test_what_a_datastore_lacks_of_its_headroom_could_be_made_up_for_by_what_is_on_it(
    session: Session, machine: Target, stores: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(monkeypatch, {stores[0]: {"summary.freeSpace": 15 * GIB, "summary.capacity": 100 * GIB}})
    found = shortage(session, headroom=18 * GIB)
    assert (5 * GIB, 3 * GIB) == (found.need, shortage(session, headroom=18 * GIB, headroom_percent=10).need)
    assert machine.moref in {each.target.moref for each in found.candidates}


@pytest.mark.parametrize(
    ("told", "parameters", "reason"),
    [
        ({}, {}, "has the headroom that it should have"),
        (FULL, {"to": ["localds_*"]}, "is one of those that `to` names"),
        (FULL | {"summary.accessible": False}, {}, "is not accessible"),
    ],
    ids=["enough room", "named", "away"],
)
def test_nothing_leaves_a_datastore_that_lacks_nothing_or_of_which_nothing_is_known(
    session: Session,
    stores: tuple[str, str],
    monkeypatch: pytest.MonkeyPatch,
    *,
    told: dict[str, Any],
    parameters: dict[str, Any],
    reason: str,
) -> None:
    tell(monkeypatch, {stores[0]: told})
    with pytest.raises(Reject, match=rf"datastore LocalDS_0 \(vc1/{stores[0]}\) {reason}"):
        shortage(session, **parameters)


def room(name: str, *, pod: str | None = None, free: int = 500, ready: bool = True, shared: bool = True) -> Room:
    return Room(vim.Datastore(name), name, 1000 * GIB, free * GIB, vim.StoragePod(pod) if pod else None, ready, shared)


def choose(machine: Target, *rooms: Room, **parameters: Any) -> str:
    """Where a machine of 10 GiB goes that is in the first of the rooms."""
    known = {each.name: each for each in rooms}
    return action(**parameters)._choose(machine, known, [rooms[0].name], 10 * GIB).name


def recommending(monkeypatch: pytest.MonkeyPatch, *names: str) -> list[Any]:
    """Storage DRS that would take these; what it is asked."""
    asked = []
    actions = [vim.storageDrs.StoragePlacementAction(destination=vim.Datastore(name)) for name in names]
    answer = vim.storageDrs.StoragePlacementResult(recommendations=[vim.cluster.Recommendation(action=actions)])

    def recommend(_: Any, storageSpec: Any) -> Any:  # noqa: N803 - vSphere's own name
        asked.append(storageSpec)
        return answer

    monkeypatch.setattr(vim.StorageResourceManager, "RecommendDatastores", recommend)
    return asked


def test_the_datastore_with_most_free_space_is_taken(machine: Target) -> None:
    assert "c" == choose(machine, room("a"), room("b"), room("c", free=600), room("d"))


def test_inside_a_datastore_cluster_storage_drs_is_asked_first(
    machine: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = recommending(monkeypatch, "outside", "b")
    rooms = [room("a", pod="p"), room("b", pod="p"), room("c", pod="p", free=600), room("outside", free=900)]
    assert "b" == choose(machine, *rooms)
    (spec,) = asked
    assert ("relocate", machine.reference, "p") == (spec.type, spec.vm, spec.podSelectionSpec.storagePod._moId)


def test_a_recommendation_that_does_not_fit_is_not_followed(machine: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    recommending(monkeypatch, "full", "a")
    rooms = [room("a", pod="p"), room("b", pod="p"), room("full", pod="p", free=1), room("outside", free=900)]
    assert "b" == choose(machine, *rooms)


def test_a_simulator_without_recommendations_leaves_the_choice_to_free_space(machine: Target) -> None:
    assert "c" == choose(machine, room("a", pod="p"), room("b", pod="p"), room("c", pod="p", free=600))


def test_the_cluster_is_left_only_when_nothing_in_it_has_room(machine: Target) -> None:
    assert "d" == choose(machine, room("a", pod="p"), room("b", pod="p", free=1), room("d"))


def test_a_shared_datastore_is_not_left_for_one_of_a_single_host(machine: Target) -> None:
    assert "c" == choose(machine, room("a"), room("local", free=900, shared=False), room("c"))
    with pytest.raises(Reject, match="local is not ready"):
        choose(machine, room("a"), room("local", free=900, shared=False))


def test_names_bound_the_choice(machine: Target) -> None:
    assert "b1" == choose(machine, room("a"), room("b1"), room("c", free=900), to=["B*"])


@examples(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 99))
def test_what_is_taken_leaves_the_headroom_in_bytes_and_in_percent(
    free: int, size: int, headroom: int, percent: int
) -> None:
    kept = Room(None, "", 10**6, free, None, ready=True, shared=True).keeps(size, headroom=headroom, percent=percent)
    assert kept == (free - size >= headroom and free - size >= percent * 10**4)
