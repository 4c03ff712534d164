from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from confluent_kafka import Consumer, Producer
from confluent_kafka.admin import AdminClient, NewTopic  # public, but not marked as re-exported

from clients.kafka.ends import Ends

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.stack


def create(bootstrap: str, topic: str, partitions: int) -> None:
    client = AdminClient({"bootstrap.servers": bootstrap})
    client.create_topics([NewTopic(topic, partitions)])[topic].result(30)


@pytest.fixture
def topic(kafka: str, prefix: str) -> str:
    """Two partitions: fifteen records in the first, every third of a transaction that was undone."""
    create(kafka, prefix, 2)
    producer = Producer({"bootstrap.servers": kafka, "transactional.id": prefix})
    producer.init_transactions(30)
    for number in range(15):
        producer.begin_transaction()
        producer.produce(prefix, str(number).encode(), partition=0)
        if number % 3 == 2:
            producer.flush(30)
            producer.abort_transaction(30)
        else:
            producer.commit_transaction(30)
    return prefix


@pytest.fixture
def consumer(kafka: str, topic: str) -> Iterator[Consumer]:
    consumer = Consumer(
        {
            "bootstrap.servers": kafka,
            "group.id": topic,
            "enable.partition.eof": True,
            "enable.auto.commit": False,
            "auto.offset.reset": "error",
        }
    )
    yield consumer
    consumer.close()


def ends(consumer: Consumer, topic: str, stopped: Callable[[], bool] = lambda: False) -> Ends:
    return Ends(consumer, topic, stopped=stopped)


def values(found: Any) -> list[int]:
    return [int(message.value()) for message in found]


def test_portion_after_portion_comes_out_backwards_and_whole(consumer: Consumer, topic: str) -> None:
    reader = ends(consumer, topic)
    portions = [values(reader.read(10)) for _ in range(4)]
    committed = [number for number in range(15) if number % 3 != 2]
    assert committed == [number for portion in reversed(portions) for number in portion]
    assert all(sorted(portion) == portion for portion in portions)
    assert (True, 30, True) == (reader.exhausted, reader.searched, reader.reach_to(None))


def test_a_part_says_how_far_it_reaches(consumer: Consumer, topic: str) -> None:
    reader = ends(consumer, topic)
    list(reader.read(10))
    assert (False, 10, False) == (reader.exhausted, reader.searched, reader.reach_to(None))
    assert (True, False) == (reader.reach_to(4e9), reader.reach_to(0))


def test_whoever_is_stopped_has_not_read_everything(consumer: Consumer, topic: str) -> None:
    reader = ends(consumer, topic, lambda: True)
    assert [] == list(reader.read(1000))
    assert (True, False) == (reader.interrupted, reader.exhausted)


def test_an_empty_topic_has_been_read_before_it_is_begun(kafka: str, consumer: Consumer, topic: str) -> None:
    empty = f"{topic}-empty"
    create(kafka, empty, 3)
    reader = ends(consumer, empty)
    assert ([], True, 0) == (list(reader.read(10)), reader.exhausted, reader.searched)
