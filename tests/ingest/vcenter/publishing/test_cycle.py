from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from clients.kafka.transactional import BrokenError
from ingest.vcenter.publishing import cycle as module
from ingest.vcenter.publishing.cycle import Cycle
from ingest.vcenter.publishing.handover import Handover
from ingest.vcenter.sharing.membership import Claim
from schemas.errors import Unreachable
from tests.ingest.vcenter.publishing.test_committer import UNDONE
from tests.ingest.vcenter.publishing.test_handover import chunk

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from ingest.vcenter.publishing.handover import Chunk, Lane


@dataclass
class World:
    """The other parts of the cycle; says what is done to them."""

    handover: Handover = field(default_factory=Handover)
    failures: list[Exception] = field(default_factory=list)
    committed: list[Chunk] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    member: bool = True
    meanwhile: Callable[[], None] = lambda: None

    def poll(self, _seconds: float) -> None:
        self.done.append("poll")
        self.meanwhile()

    def look(self) -> None:
        pass

    def shards_of(self, vcenters: Iterable[str]) -> set[int]:
        return {ord(vcenter) for vcenter in vcenters}

    def claim(self, shards: Collection[int]) -> Claim | None:
        self.done.append("claim " + "".join(map(chr, sorted(shards))))
        return Claim((), None) if self.member else None

    def commit(self, chunks: Sequence[Chunk], _claim: Claim) -> None:
        self.done.append("commit")
        if self.failures:
            raise self.failures.pop(0)
        self.committed += chunks

    def rewind(self) -> None:
        self.done.append("rewind")

    def lane(self, vcenter: str) -> Lane:
        """A lane with one chunk of this vCenter."""
        lane = self.handover.lane()
        lane.submit(chunk(vcenter))
        return lane

    def turns(self, times: int, *, given_up: bool = False) -> list[bool]:
        world: Any = self
        cycle = Cycle(world, world, self.handover, world, given_up=lambda: given_up)
        return [cycle.turn() for _ in range(times)]


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LOOK", "LINGER", "FIRST_PAUSE", "LONGEST_PAUSE"):
        monkeypatch.setattr(module, name, 0.001)


def test_a_claim_is_captured_behind_the_last_poll_and_before_the_transaction() -> None:
    world = World()
    world.lane("a")
    world.lane("b")
    assert [True, False] == world.turns(2)
    assert ["poll", "claim ab", "commit", "poll"] == world.done


def test_what_was_undone_is_committed_with_a_new_claim() -> None:
    world = World(failures=[UNDONE, UNDONE])
    world.lane("a")
    world.turns(4)
    assert [chunk("a")] == world.committed
    assert 3 == world.done.count("claim a")


def test_what_was_undone_and_then_revoked_is_not_committed() -> None:
    world = World(failures=[UNDONE])
    revoked = world.lane("a")
    world.lane("b")
    world.turns(1)
    world.meanwhile = revoked.close
    world.turns(1)
    assert [chunk("b")] == world.committed


def test_who_is_no_member_commits_nothing() -> None:
    world = World(member=False)
    world.lane("a")
    world.turns(2)
    assert "commit" not in world.done
    world.member = True
    world.turns(1)
    assert [chunk("a")] == world.committed


def test_after_an_unknown_outcome_everything_begins_behind_what_is_committed() -> None:
    world = World(failures=[BrokenError("unknown")])
    world.lane("a")
    world.turns(1)
    assert ["poll", "claim a", "commit", "rewind"] == world.done


def test_who_is_asked_to_stop_gives_up_transactions_that_keep_failing() -> None:
    world = World(failures=[UNDONE])
    world.lane("a")
    with pytest.raises(Unreachable, match="read again next time"):
        world.turns(1, given_up=True)
