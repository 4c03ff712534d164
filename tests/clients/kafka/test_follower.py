"""A follower on a real broker: what it takes, and what it does about faults."""

from __future__ import annotations

from contextlib import closing
from queue import SimpleQueue
from typing import TYPE_CHECKING

import pytest

from clients.kafka.follower import Follower
from schemas.config import KafkaConfig
from schemas.errors import Refused
from tests.support import topics
from tests.support.vcenter import wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confluent_kafka import Message

pytestmark = pytest.mark.stack


class Values:
    """Every value in the order of the topic; keeps what was taken for the first time since a beginning."""

    def __init__(self) -> None:
        self.begun: SimpleQueue[list[bytes | None]] = SimpleQueue()
        self.now: list[bytes | None] = []
        self.faults: list[Exception] = []

    def begin(self) -> list[bytes | None]:
        return []

    def hear(self, state: list[bytes | None], message: Message) -> None:
        state.append(message.value())

    def take(self, state: list[bytes | None], *, first: bool) -> None:
        if self.faults:
            raise self.faults.pop()
        self.now = list(state)
        if first:
            self.begun.put(list(state))


@pytest.fixture
def values() -> Values:
    return Values()


@pytest.fixture
def follower(kafka: str, prefix: str, values: Values) -> Iterator[Follower[list[bytes | None]]]:
    config = KafkaConfig(bootstrap=kafka, prefix=prefix)
    follower = Follower(config, f"{prefix}.c", client_id="test", name="values", what="what is there", memory=values)
    with closing(follower):
        yield follower


def test_all_that_is_there_is_taken_at_once_and_then_whatever_comes(
    kafka: str, prefix: str, values: Values, follower: Follower[list[bytes | None]]
) -> None:
    """Nobody sees half of a topic."""
    topics.create(kafka, f"{prefix}.c")
    before = [b"%d" % number for number in range(2_500)]
    topics.produce(kafka, f"{prefix}.c", before)
    assert (False, "") == (follower.ready, follower.trouble)
    follower.start()
    assert follower.wait(30)
    assert before == values.begun.get(timeout=30)
    topics.produce(kafka, f"{prefix}.c", [b"later"])
    wait_for(lambda: values.now == [*before, b"later"])
    assert values.begun.empty()


def test_after_a_fault_all_is_read_again_and_said_once(
    kafka: str,
    prefix: str,
    values: Values,
    follower: Follower[list[bytes | None]],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The last state that was taken holds meanwhile."""
    topics.create(kafka, f"{prefix}.c")
    topics.produce(kafka, f"{prefix}.c", [b"a"])
    follower.start()
    assert [b"a"] == values.begun.get(timeout=30)
    values.faults = [ValueError("odd"), ValueError("odd")]
    assert [b"a"] == values.begun.get(timeout=30)
    wait_for(lambda: follower.trouble == "")
    (said,) = (each for each in caplog.records if each.name == "clients.kafka.follower")
    assert "what is there is read again: unexpected ValueError" == said.getMessage()
    assert follower.ready


def test_what_a_person_must_cure_is_told_from_what_passes(
    kafka: str, prefix: str, follower: Follower[list[bytes | None]]
) -> None:
    """And waited for all the same."""
    follower.start()
    wait_for(lambda: follower.refusal is not None)
    refusal = follower.refusal
    assert isinstance(refusal, Refused)
    assert "run `reflexarc topics create`" in follower.trouble
    topics.create(kafka, f"{prefix}.c")
    assert follower.wait(30)
    assert (None, "") == (follower.refusal, follower.trouble)
