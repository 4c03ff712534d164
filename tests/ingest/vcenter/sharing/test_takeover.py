from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from ingest.vcenter.sharing.takeover import TakeOver
from schemas.errors import Refused, Unreachable
from tests.support.vcenter import wait_for

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from ingest.vcenter.position.checkpoint import Checkpoint


class Reader:
    """Reads when it may, and fails as told."""

    def __init__(self, *failures: Exception) -> None:
        self.may = threading.Event()
        self.asked: list[list[int]] = []
        self._failures = list(failures)

    def __call__(self, shards: Collection[int]) -> Mapping[str, Checkpoint]:
        self.asked.append(list(shards))
        assert self.may.wait(10)
        if self._failures:
            raise self._failures.pop(0)
        return {}


def taken(take_over: TakeOver) -> list[list[int]]:
    """The shards of each take-over, in the order they end."""
    found: list[list[int]] = []

    def more() -> bool:
        found.extend(shards for shards, _ in take_over.done())
        return not take_over.pending

    wait_for(more)
    return found


def test_it_does_not_hold_up_who_asks() -> None:
    reader = Reader()
    take_over = TakeOver(reader)
    take_over.begin([1, 2])
    assert [] == list(take_over.done())
    assert {1, 2} == take_over.pending
    reader.may.set()
    assert [[1, 2]] == taken(take_over)


def test_a_shard_that_is_gone_again_is_not_taken_over() -> None:
    reader = Reader()
    take_over = TakeOver(reader)
    take_over.begin([1, 2])
    take_over.forget([2])
    reader.may.set()
    assert [[1]] == taken(take_over)


def test_a_shard_that_was_away_meanwhile_is_read_anew() -> None:
    reader = Reader()
    take_over = TakeOver(reader)
    take_over.begin([1])
    take_over.forget([1])
    take_over.begin([1])
    reader.may.set()
    assert [[1]] == taken(take_over)
    assert [[1], [1]] == reader.asked


def test_nothing_is_read_for_no_shard() -> None:
    take_over = TakeOver(Reader())
    take_over.begin([])
    assert frozenset() == take_over.pending


def test_brokers_that_are_away_are_asked_again() -> None:
    reader = Reader(Unreachable("away"))
    reader.may.set()
    take_over = TakeOver(reader)
    take_over.begin([1])
    assert [[1]] == taken(take_over)
    assert 2 == len(reader.asked)


@pytest.mark.parametrize("failure", [Refused("a damaged checkpoint"), ValueError("a fault of ours")])
def test_what_waiting_does_not_cure_is_raised(failure: Exception) -> None:
    reader = Reader(failure)
    reader.may.set()
    take_over = TakeOver(reader)
    take_over.begin([1])
    with pytest.raises(type(failure), match=str(failure)):
        taken(take_over)
