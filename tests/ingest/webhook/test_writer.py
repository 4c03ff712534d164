from __future__ import annotations

import os
from time import monotonic
from typing import TYPE_CHECKING, Any

import pytest

from clients.kafka import outcome
from clients.kafka.errors import PublishRejected
from clients.kafka.record import Outgoing
from clients.kafka.transactional import BrokenError, TransactionalProducer
from ingest.webhook.writer import Writer
from schemas.config import KafkaConfig
from schemas.errors import Unreachable
from tests.support import topics

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Make = Callable[[], Writer]

SECONDS = 30.0


@pytest.fixture
def topic(kafka: str, prefix: str) -> str:
    topics.create(kafka, prefix, partitions=2)
    return prefix


@pytest.fixture
def make(kafka: str, prefix: str) -> Iterator[Make]:
    made: list[Writer] = []

    def connect() -> Writer:
        made.append(Writer(KafkaConfig(bootstrap=kafka), name=f"{prefix}.test", transactional_id=f"{prefix}-0"))
        return made[-1]

    yield connect
    for writer in made:
        writer.close()


def records(topic: str, *values: bytes) -> list[Outgoing]:
    headers = (("ce_id", b"1"), ("ce_type", b"t"))
    return [Outgoing(topic, value, headers=headers, partition=number % 2) for number, value in enumerate(values)]


def visible(kafka: str, topic: str) -> list[bytes]:
    return sorted(record.value() or b"" for record in topics.everything(kafka, topic))


@pytest.mark.stack
def test_what_was_written_is_visible(make: Make, kafka: str, topic: str) -> None:
    writer = make()
    writer.open(until=monotonic() + SECONDS)
    writer.write(records(topic, b"a", b"b", b"c"), until=monotonic() + SECONDS)
    writer.write(records(topic, b"d"), until=monotonic() + SECONDS)

    assert [b"a", b"b", b"c", b"d"] == visible(kafka, topic)


@pytest.mark.stack
@pytest.mark.parametrize("commits", [True, False])
def test_a_commit_whose_answer_is_lost_is_found_out_and_never_done_twice(
    make: Make, kafka: str, topic: str, monkeypatch: pytest.MonkeyPatch, *, commits: bool
) -> None:
    commit, lost = TransactionalProducer.commit, [True]

    def answerless(self: TransactionalProducer) -> None:
        if not lost or commits:
            commit(self)
        if lost.pop() if lost else False:
            raise BrokenError("the answer is lost")

    monkeypatch.setattr(TransactionalProducer, "commit", answerless)
    make().write(records(topic, b"a", b"b"), until=monotonic() + SECONDS)

    assert [] == lost
    assert [b"a", b"b"] == visible(kafka, topic)


@pytest.mark.stack
def test_what_somebody_else_has_open_in_front_holds_the_answer_back_and_does_not_change_it(
    make: Make, kafka: str, topic: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = TransactionalProducer(
        KafkaConfig(bootstrap=kafka), client_id="other", transactional_id=f"{topic}-other", given_up=lambda: False
    )
    before.open()
    before.write(records(topic, b"undone", b"undone"))
    commit, asked = TransactionalProducer.commit, outcome.committed

    def answerless(self: TransactionalProducer) -> None:
        commit(self)
        raise BrokenError("the answer is lost")

    def asking(*given: Any, **more: Any) -> bool:
        with pytest.raises(Unreachable):
            asked(*given, **more | {"until": monotonic() + 1})
        before.abort()
        return asked(*given, **more)

    monkeypatch.setattr(TransactionalProducer, "commit", answerless)
    monkeypatch.setattr("ingest.webhook.writer.committed", asking)
    make().write(records(topic, b"a", b"b"), until=monotonic() + SECONDS)
    before.close()

    assert [b"a", b"b"] == visible(kafka, topic)


@pytest.mark.stack
def test_one_record_that_kafka_never_takes_leaves_nothing_of_the_others(make: Make, kafka: str, topic: str) -> None:
    writer = make()
    with pytest.raises(PublishRejected):
        writer.write(records(topic, b"a", os.urandom(2_000_000)), until=monotonic() + SECONDS)
    writer.write(records(topic, b"b"), until=monotonic() + SECONDS)

    assert [b"b"] == visible(kafka, topic)


@pytest.mark.stack
def test_a_new_owner_undoes_what_a_dead_one_has_left_open(make: Make, kafka: str, topic: str) -> None:
    dead = TransactionalProducer(
        KafkaConfig(bootstrap=kafka), client_id="dead", transactional_id=f"{topic}-0", given_up=lambda: False
    )
    dead.open()
    dead.write(records(topic, b"half", b"half"))
    assert 2 == topics.open_transactions(kafka, topic)

    make().open(until=monotonic() + SECONDS)

    assert (0, []) == (topics.open_transactions(kafka, topic), visible(kafka, topic))


def test_brokers_that_are_away_are_not_waited_for_longer_than_was_asked() -> None:
    writer = Writer(KafkaConfig(bootstrap="127.0.0.1:9"), name="test", transactional_id="t-0")

    with pytest.raises(Unreachable):
        writer.write(records("t", b"a", b"b"), until=monotonic() + 0.2)
    writer.close()
