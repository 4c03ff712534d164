"""Against a simulator: which machines leave a datastore, and what is said where none does."""

from __future__ import annotations

from contextlib import closing, nullcontext
from typing import TYPE_CHECKING, Any

import pytest
from pyVmomi import vim

from clients.vsphere.faults import VsphereFault
from clients.vsphere.session import Session
from clients.vsphere.target import Target
from sinks.remediation.chooser import NAMED, Chooser, amount, too_little
from sinks.remediation.tags import Tags
from sinks.vsphere.actions import Candidate, Shortage
from sinks.vsphere.actions.storage_move import StorageMove
from sinks.vsphere.aim import ByReference
from sinks.vsphere.parameters.storage_move import StorageMoveParameters
from sinks.vsphere.sessions import Sessions
from tests.sinks.remediation.crowd import GIB, Crowd, crowd, short_of
from tests.support.inventory import TagDesk
from tests.support.machine import finish

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from schemas.config import VcenterConfig
    from schemas.remediation.entity import Entity
    from sinks.remediation.resolver import Resolved

pytestmark = pytest.mark.stack


@pytest.fixture
def four(vcenters: dict[str, VcenterConfig]) -> Iterator[Crowd]:
    with Session(vcenters["vc1"]) as session, crowd(session, *range(4)) as given:
        yield given


@pytest.fixture
def choose(vcenters: dict[str, VcenterConfig], four: Crowd) -> Iterator[Callable[..., tuple[Resolved, ...]]]:
    """Chooses; nobody but our own machines may be moved."""
    sessions = Sessions([vcenters["vc1"]], timeout=5.0)
    with closing(sessions), closing(Tags([vcenters["vc1"]])) as tags:
        action = StorageMove(StorageMoveParameters(headroom=100 * GIB, headroom_percent=5))

        def made(most: int = 5, objection: Any = four.ours) -> tuple[Resolved, ...]:
            chooser = Chooser(sessions, tags, action, most)
            return chooser.choose(ByReference("vc1", four.store.moref, "Datastore"), objection)

        yield made


def chosen(four: Crowd, found: tuple[Resolved, ...]) -> list[tuple[int, int, int]]:
    """Places of machines, with the number of each and how many there are."""
    morefs = [machine.moref for machine in four.machines]
    return [(morefs.index(each.entity.moref), each.part, each.parts) for each in found if each.entity is not None]


def test_the_smallest_machine_that_is_enough_leaves(
    four: Crowd, choose: Callable[..., tuple[Resolved, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    short_of(monkeypatch, four, 10, 50, 12, 9, 40)
    (found,) = choose()
    assert [(1, 1, 1)] == chosen(four, (found,))
    assert found.entity is not None
    assert ("/DC0/vm", ()) == (found.entity.folder, found.entity.tags)
    assert found.offset is not None


def test_of_several_the_largest_goes_first(
    four: Crowd, choose: Callable[..., tuple[Resolved, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    short_of(monkeypatch, four, 60, 30, 20, 42, 41)
    assert [(3, 1, 2), (1, 2, 2)] == chosen(four, choose())


def test_a_machine_that_may_not_be_acted_on_is_left_out(
    four: Crowd, choose: Callable[..., tuple[Resolved, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    finish(four.store.session, four.machines[1].reference.CreateSnapshot_Task(name="s", memory=False, quiesce=False))
    short_of(monkeypatch, four, 10, 50, 12, 9, 40)
    assert [(3, 1, 1)] == chosen(four, choose())


def test_what_the_objection_sees_has_its_tags(
    vcenters: dict[str, VcenterConfig],
    four: Crowd,
    choose: Callable[..., tuple[Resolved, ...]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with closing(TagDesk(vcenters["vc1"])) as desk:
        tag = desk.known("reflexarc").get("protected") or desk.make("reflexarc", "protected")
        desk.tie("attach", tag, four.machines[1].reference)
    short_of(monkeypatch, four, 10, 50, 12, 9, 40)

    def objection(entity: Entity) -> str | None:
        return "it is protected" if "reflexarc/protected" in (entity.tags or ()) else four.ours(entity)

    assert [(3, 1, 1)] == chosen(four, choose(objection=objection))


def test_where_all_are_not_enough_none_leaves_and_everything_is_said(
    four: Crowd, choose: Callable[..., tuple[Resolved, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = four.machines[1]
    finish(four.store.session, machine.reference.CreateSnapshot_Task(name="s", memory=False, quiesce=False))
    short_of(monkeypatch, four, 60, 30, 200, 20, 5)
    (found,) = choose()
    assert (None, "vc1", 0, 0) == (found.entity, found.vcenter, found.part, found.parts)
    assert found.reason.startswith(f"{four.store} lacks 60 GiB; 3 of its ")
    assert " machines may be moved, which would free 55 GiB: nothing is moved. Not moved: " in found.reason
    assert f"{machine}: it has snapshots" in found.reason
    assert "is not ours" in found.reason


def test_where_more_would_have_to_leave_than_may_none_does(
    four: Crowd, choose: Callable[..., tuple[Resolved, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    short_of(monkeypatch, four, 45, 20, 20, 20, 5)
    (found,) = choose(most=2)
    assert None is found.entity
    moves = "3 machines would have to be moved, one event moves 2 at most (max_chosen)"
    assert f"{four.store} lacks 45 GiB: {moves}: nothing is moved" == found.reason


def test_a_datastore_that_lacks_nothing_is_left_alone(
    four: Crowd, choose: Callable[..., tuple[Resolved, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    short_of(monkeypatch, four, 0, 20, 20, 20, 5)
    (found,) = choose()
    assert (None, "vc1") == (found.entity, found.vcenter)
    assert "has the headroom that it should have" in found.reason


class Fleeting(StorageMove):
    """Has found a machine that is deleted a moment later."""

    def __init__(self, parameters: StorageMoveParameters) -> None:
        super().__init__(parameters)
        self.gone = 1

    def shortage(self, shared: Target) -> Shortage:
        need, candidates = super().shortage(shared)
        gone = Candidate(Target(shared.session, vim.VirtualMachine("vm-9", shared.session.stub), "gone"), need)
        self.gone -= 1
        return Shortage(need, (*candidates, *[gone] * (self.gone >= 0)))


@pytest.mark.parametrize("times", [1, 2])
def test_a_machine_that_was_deleted_meanwhile_is_left_out(
    vcenters: dict[str, VcenterConfig], four: Crowd, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    short_of(monkeypatch, four, 10, 50, 12, 9, 40)
    sessions = Sessions([vcenters["vc1"]], timeout=5.0)
    action = Fleeting(StorageMoveParameters(headroom=100 * GIB, headroom_percent=5))
    action.gone = times
    with closing(sessions), closing(Tags([vcenters["vc1"]])) as tags:
        chooser = Chooser(sessions, tags, action, 5)
        with nullcontext() if times == 1 else pytest.raises(VsphereFault, match="ManagedObjectNotFound"):
            found = chooser.choose(ByReference("vc1", four.store.moref, "Datastore"), four.ours)
            assert [(1, 1, 1)] == chosen(four, found)


def test_reasons_are_told_as_far_as_they_can_be_read() -> None:
    said = too_little("d", GIB, [1], [f"r{number}" for number in range(NAMED + 3)])
    assert f"1 of its {NAMED + 4} machines may be moved" in said
    assert said.endswith(f"; r{NAMED - 1}; and 3 more")
    assert too_little("d", GIB, [1], []).endswith(": nothing is moved")


@pytest.mark.parametrize(
    ("size", "expected"),
    [(0, "0 B"), (1023, "1023 B"), (1024, "1 KiB"), (1025, "1.1 KiB"), (3 * 2**20, "3 MiB"), (60 * GIB, "60 GiB")],
)
def test_amounts_are_rounded_up(size: int, expected: str) -> None:
    assert expected == amount(size)
