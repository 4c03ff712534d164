from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ingest.metrics import OWNER
from ingest.vcenter.sharing.ownership import Ownership
from ingest.vcenter.sharing.shards import shard
from ingest.vcenter.sharing.takeover import TakeOver
from tests.support.vcenter import wait_for

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    import pytest

    from ingest.vcenter.position.checkpoint import Checkpoint

SHARDS = 64
VC1, VC2, VC3 = (shard(name, SHARDS) for name in ("vc1", "vc2", "vc3"))


class Followed:
    """Stands in for the tails: the vCenters that have one."""

    def __init__(self) -> None:
        self.running: set[str] = set()
        self.starts: list[str] = []
        self.reading = True

    def names(self) -> frozenset[str]:
        return frozenset(self.running)

    def following(self, vcenter: str) -> bool:
        return self.reading and vcenter in self.running

    def start(self, vcenter: str, _checkpoint: Checkpoint | None) -> None:
        assert vcenter not in self.running
        self.running.add(vcenter)
        self.starts.append(vcenter)

    def stop(self, vcenter: str) -> None:
        self.running.remove(vcenter)

    def finish(self) -> None:
        pass


class Process:
    """What one process owns of vc1, vc2 and vc3, which it leaves out."""

    def __init__(self) -> None:
        self.tails: Any = Followed()
        self.take_over = TakeOver(self._read)
        self.ownership = Ownership(["vc1", "vc2"], ["vc3"], shards=SHARDS, take_over=self.take_over, tails=self.tails)

    def _read(self, _shards: Collection[int]) -> Mapping[str, Checkpoint]:
        return {}

    def gain(self, *shards: int) -> None:
        self.ownership.gain(shards)
        self.settle()

    def settle(self) -> None:
        def settled() -> bool:
            self.ownership.look()
            return not self.take_over.pending

        wait_for(settled)


def owner(vcenter: str) -> float:
    return float(OWNER.labels(vcenter=vcenter)._value.get())


def test_the_vcenters_of_the_shards_held_are_followed_and_no_others() -> None:
    process = Process()
    assert (0, 0) == (owner("vc1"), owner("vc2"))
    process.gain(VC1, 63)
    assert {"vc1"} == process.tails.running
    assert (1, 0) == (owner("vc1"), owner("vc2"))


def test_a_shard_that_is_given_up_is_followed_no_longer_at_once() -> None:
    process = Process()
    process.gain(VC1, VC2)
    process.ownership.lose([VC1])
    assert {"vc2"} == process.tails.running
    assert (0, 1) == (owner("vc1"), owner("vc2"))


def test_a_shard_that_is_given_up_before_it_is_taken_over_is_not_followed() -> None:
    process = Process()
    process.ownership.gain([VC1])
    process.ownership.lose([VC1])
    process.settle()
    assert [] == process.tails.starts


def test_who_holds_nothing_has_no_problem() -> None:
    assert [] == Process().ownership.problems()


def test_a_vcenter_of_a_shard_that_is_held_is_a_problem_until_it_is_followed() -> None:
    process = Process()
    process.tails.reading = False
    process.gain(VC1, VC3)
    assert ["vCenter vc1 is not followed"] == process.ownership.problems()
    process.tails.reading = True
    assert [] == process.ownership.problems()


def test_a_rewind_begins_every_vcenter_anew() -> None:
    process = Process()
    process.gain(VC1, VC2)
    process.ownership.rewind()
    assert set() == process.tails.running
    process.settle()
    assert ["vc1", "vc1", "vc2", "vc2"] == sorted(process.tails.starts)


def test_a_vcenter_that_is_left_out_is_told(caplog: pytest.LogCaptureFixture) -> None:
    Process().gain(VC3)
    assert f"vCenter vc3: in shard {VC3} of this process, which --only keeps from it" in caplog.messages


def test_who_finishes_takes_nothing_over() -> None:
    process = Process()
    process.ownership.finish()
    process.ownership.gain([VC1])
    process.ownership.look()
    assert [] == process.tails.starts


def test_a_transaction_shows_the_shards_of_its_vcenters() -> None:
    assert {VC1, VC2} == Process().ownership.shards_of(["vc1", "vc2", "vc1"])
