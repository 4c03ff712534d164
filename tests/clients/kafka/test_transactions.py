from __future__ import annotations

import os
import threading
import time
from functools import partial
from typing import TYPE_CHECKING

import pytest

from clients.kafka import transactions
from clients.kafka.errors import Fenced, PublishRejected
from clients.kafka.record import Outgoing, Position
from clients.kafka.transactions import Transactions
from schemas.config import KafkaConfig
from schemas.errors import Unreachable
from tests.support import topics

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.stack


@pytest.fixture
def topic(kafka: str, prefix: str) -> str:
    topics.create(kafka, prefix, partitions=2)
    return prefix


@pytest.fixture
def begin(kafka: str, prefix: str) -> Callable[..., Transactions]:
    config = KafkaConfig(bootstrap=kafka)
    return partial(Transactions, config, client_id="test", transactional_id=f"{prefix}-0", given_up=lambda: False)


def visible(kafka: str, topic: str) -> list[bytes]:
    return [record.value() or b"" for record in topics.everything(kafka, topic)]


def test_records_become_visible_together_where_it_says(
    begin: Callable[..., Transactions], kafka: str, topic: str
) -> None:
    owner = begin()
    owner.open()
    positions = owner.write([Outgoing(topic, b"%d" % number, partition=number % 2) for number in range(4)])
    assert [Position(0, 0), Position(1, 0), Position(0, 1), Position(1, 1)] == positions
    assert [b"0", b"1", b"2", b"3"] == sorted(visible(kafka, topic))


def test_nothing_of_a_former_owner_becomes_visible_once_the_next_one_has_opened(
    begin: Callable[..., Transactions], kafka: str, topic: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    idle, busy, begun, gate = begin(), begin(), threading.Event(), threading.Event()
    idle.open()
    idle.write([Outgoing(topic, b"before")])
    busy.open()
    write = busy._producer.write

    def slowly(records: list[Outgoing]) -> list[Position]:
        positions = write(records)
        begun.set()
        gate.wait()
        return positions

    monkeypatch.setattr(busy._producer, "write", slowly)
    failures: list[BaseException] = []

    def write_late() -> None:
        try:
            busy.write([Outgoing(topic, b"late")])
        except Fenced as error:
            failures.append(error)

    late = threading.Thread(target=write_late)
    late.start()
    begun.wait()
    owner = begin()
    owner.open()
    assert [b"before"] == visible(kafka, topic)
    owner.write([Outgoing(topic, b"after")])
    gate.set()
    late.join()
    with pytest.raises(Fenced):
        idle.write([Outgoing(topic, b"later")])
    assert [Fenced] == [type(failure) for failure in failures]
    assert [b"after", b"before"] == sorted(visible(kafka, topic))


def test_who_has_let_a_transaction_time_out_is_fenced_and_opens_its_name_again(
    begin: Callable[..., Transactions], kafka: str, topic: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    brief = {"transaction.timeout.ms": 1000, "delivery.timeout.ms": 1000}
    monkeypatch.setattr(transactions, "SETTINGS", brief)
    owner = begin()
    owner.open()
    write = owner._producer.write

    def slowly(records: list[Outgoing]) -> list[Position]:
        positions = write(records)
        deadline = time.monotonic() + 60
        # The record, and the mark of the abort.
        while topics.ends(kafka, topic) < 2 and time.monotonic() < deadline:
            time.sleep(0.1)
        return positions

    monkeypatch.setattr(owner._producer, "write", slowly)
    with pytest.raises(Fenced):
        owner.write([Outgoing(topic, b"late", partition=0)])
    again = begin()
    again.open()
    again.write([Outgoing(topic, b"again", partition=0)])
    assert [b"again"] == visible(kafka, topic)


def test_a_record_that_kafka_will_never_take_is_rejected_and_leaves_nothing(
    begin: Callable[..., Transactions], kafka: str, prefix: str
) -> None:
    topics.create(kafka, prefix, **{"max.message.bytes": "5000"})
    owner = begin()
    owner.open()
    with pytest.raises(PublishRejected):
        owner.write([Outgoing(prefix, b"fine"), Outgoing(prefix, os.urandom(20_000))])
    owner.write([Outgoing(prefix, b"next")])
    assert [b"next"] == visible(kafka, prefix)


def test_waiting_for_a_broker_can_be_given_up() -> None:
    config = KafkaConfig(bootstrap="localhost:1")
    owner = Transactions(config, client_id="test", transactional_id="x", given_up=lambda: True)
    with pytest.raises(Unreachable):
        owner.open()
