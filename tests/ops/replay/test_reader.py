from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from confluent_kafka import Producer

from ops.replay.reader import Reader
from ops.replay.request import Request
from ops.replay.span import Span
from schemas.config import KafkaConfig
from schemas.errors import ReflexarcError, Refused
from tests.support import topics

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.stack

NOW = datetime.now(UTC).replace(microsecond=0)
HOUR = timedelta(hours=1)
ALL = Request(begin=NOW - 100 * HOUR, sinks=("a",))


@pytest.fixture
def topic(kafka: str, prefix: str) -> str:
    """With two partitions, and nothing in it."""
    topics.create(kafka, f"{prefix}.events", partitions=2)
    return f"{prefix}.events"


@pytest.fixture
def reader(kafka: str, prefix: str, topic: str) -> Iterator[Reader]:
    assert topic
    with closing(Reader(KafkaConfig(bootstrap=kafka, prefix=prefix))) as found:
        yield found


def arrive(kafka: str, topic: str, *hours_ago: int) -> None:
    """Store a record each in partition 0 that came so long ago."""
    producer = Producer({"bootstrap.servers": kafka})
    for hours in hours_ago:
        arrived = round((NOW - hours * HOUR).timestamp() * 1000)
        producer.produce(topic, b"%d" % hours, partition=0, timestamp=arrived)
        assert 0 == producer.flush(30)


def drained(reader: Reader, most: int = 1000) -> list[bytes | None]:
    values = []
    while (read := reader.read(most)) is not None:
        values += [stored.value for _, stored in read.records]
    return values


def test_it_reads_an_hour_more_before_and_to_the_end(kafka: str, topic: str, reader: Reader) -> None:
    arrive(kafka, topic, 9, 7, 5, 3, 1)
    found = reader.find(Request(begin=NOW - 6 * HOUR, end=NOW - 4 * HOUR, sinks=("a",)))
    assert {0: Span(next=1, end=5), 1: Span(next=0, end=0)} == found.spans
    assert 0 == reader.begin(found.spans)
    assert [b"7", b"5", b"3", b"1"] == drained(reader)
    assert reader.spans == {0: Span(next=5, end=5), 1: Span(next=0, end=0)}


def test_with_late_it_ends_so_long_after_the_end(kafka: str, topic: str, reader: Reader) -> None:
    arrive(kafka, topic, 9, 7, 5, 3, 1)
    request = Request(begin=NOW - 6 * HOUR, end=NOW - 4 * HOUR, late=1800, sinks=("a",))
    assert Span(next=1, end=3) == reader.find(request).spans[0]


def test_what_comes_after_the_start_is_not_read(kafka: str, topic: str, reader: Reader) -> None:
    arrive(kafka, topic, 3, 2)
    reader.begin(reader.find(ALL).spans)
    arrive(kafka, topic, 1)
    assert [b"3", b"2"] == drained(reader)


def test_a_batch_is_no_larger_than_asked_and_its_place_is_behind_it(kafka: str, topic: str, reader: Reader) -> None:
    arrive(kafka, topic, 4, 3, 2, 1)
    reader.begin(reader.find(ALL).spans)
    read = reader.read(3)
    while read is not None and not read.records:
        read = reader.read(3)
    assert read is not None
    assert (read.spans[0].next, read.spans[0].end) == (read.records[-1][0].offset + 1, 4)
    assert len(read.records) <= 3


def test_marks_of_transactions_and_what_was_undone_are_passed_by(
    kafka: str, prefix: str, topic: str, reader: Reader
) -> None:
    producer = Producer({"bootstrap.servers": kafka, "transactional.id": f"{prefix}.x"})
    producer.init_transactions(30)
    for value, good in ((b"1", True), (b"2", False), (b"3", True), (b"4", False)):
        producer.begin_transaction()
        producer.produce(topic, value, partition=0)
        producer.flush(30)
        if good:
            producer.commit_transaction(30)
        else:
            producer.abort_transaction(30)
    while topics.open_transactions(kafka, topic):  # its mark comes a moment after the answer
        pass
    found = reader.find(ALL)
    assert Span(next=0, end=8) == found.spans[0]
    reader.begin(found.spans)
    assert [b"1", b"3"] == drained(reader)
    assert 0 == reader.spans[0].left


def test_retention_in_the_way_is_seen(kafka: str, topic: str, reader: Reader) -> None:
    arrive(kafka, topic, 3, 2, 1)
    topics.delete_before(kafka, topic, 0, 2)
    assert 1 == reader.find(ALL).begun_late
    assert 2 == reader.begin({0: Span(next=0, end=3)})
    assert [b"1"] == drained(reader)


def test_what_is_deleted_under_its_hands_is_an_error_not_a_jump(kafka: str, topic: str, reader: Reader) -> None:
    reader.begin({})
    arrive(kafka, topic, 3, 2, 1)
    reader.begin({0: Span(next=2**40, end=2**40 + 1)})
    with pytest.raises(ReflexarcError, match=r"retention has deleted events of .*/0 before they were read"):
        drained(reader)


def test_a_topic_that_is_not_there_is_named_with_its_cure(kafka: str, prefix: str) -> None:
    with (
        closing(Reader(KafkaConfig(bootstrap=kafka, prefix=f"{prefix}-none"))) as reader,
        pytest.raises(Refused, match="reflexarc topics create"),
    ):
        reader.find(ALL)
