from __future__ import annotations

import pytest
from confluent_kafka import Producer

from clients.kafka.snapshot import Snapshot
from schemas.config import KafkaConfig
from schemas.errors import ReflexarcError, Refused
from tests.support import topics

pytestmark = pytest.mark.stack


@pytest.fixture
def topic(kafka: str, prefix: str) -> str:
    name = f"{prefix}.t"
    topics.create(kafka, name, partitions=3)
    return name


def snapshot(kafka: str, topic: str) -> Snapshot:
    return Snapshot(KafkaConfig(bootstrap=kafka, replication=1), topic, client_id="test")


def fill(kafka: str, topic: str, count: int) -> list[tuple[int, bytes]]:
    producer = Producer({"bootstrap.servers": kafka})
    written = [(number % 2, b"%d" % number) for number in range(count)]  # the third partition stays empty
    for partition, value in written:
        producer.produce(topic, value, partition=partition)
    assert 0 == producer.flush(30)
    return written


def read(given: Snapshot) -> list[tuple[int, bytes | None]]:
    return [(place.partition, stored.value) for place, stored in given.read()]


def test_it_is_read_partition_by_partition_and_as_often_as_one_likes(kafka: str, topic: str) -> None:
    """Every record once, in the order of its partition."""
    written = fill(kafka, topic, 1_501)
    expected = sorted(written, key=lambda each: each[0])
    with snapshot(kafka, topic) as given:
        assert expected == read(given) == read(given)


def test_what_comes_later_is_not_in_it(kafka: str, topic: str) -> None:
    """Its end is that of when it was made."""
    fill(kafka, topic, 3)
    with snapshot(kafka, topic) as given:
        fill(kafka, topic, 5)
        assert 3 == len(read(given))


def test_what_was_deleted_meanwhile_is_said(kafka: str, topic: str) -> None:
    """A walk that cannot begin where it should begins nowhere else."""
    fill(kafka, topic, 10)
    with snapshot(kafka, topic) as given:
        topics.delete_before(kafka, topic, 0, 3)
        with pytest.raises(ReflexarcError, match="were deleted meanwhile"):
            read(given)


def test_undone_transactions_and_their_marks_are_passed_by(kafka: str, topic: str) -> None:
    """Only committed records are in it, and a mark at the end is no reason to wait."""
    producer = Producer({"bootstrap.servers": kafka, "transactional.id": topic})
    producer.init_transactions(30)
    for value, ends in ((b"kept", producer.commit_transaction), (b"undone", producer.abort_transaction)):
        producer.begin_transaction()
        producer.produce(topic, value, partition=0)
        producer.flush(30)
        ends(30)
    with snapshot(kafka, topic) as given:
        assert [(0, b"kept")] == read(given)


def test_a_topic_that_is_missing_is_refused_with_the_cure(kafka: str, prefix: str) -> None:
    """It is not made by the way."""
    with pytest.raises(Refused, match="topics create"):
        snapshot(kafka, f"{prefix}.none")
