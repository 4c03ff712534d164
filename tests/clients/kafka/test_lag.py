from __future__ import annotations

from contextlib import closing

import pytest
from confluent_kafka import Consumer, TopicPartition

from clients.kafka.lag import Lag
from schemas.config import KafkaConfig
from tests.support import topics

pytestmark = pytest.mark.stack


def lag(kafka: str, group: str, topic: str) -> int | None:
    with closing(Lag(KafkaConfig(bootstrap=kafka, replication=1), group, client_id="test")) as found:
        return found.of(topic)


def test_what_was_never_committed_waits_from_the_first_record_on(kafka: str, prefix: str) -> None:
    """What retention took waits for nobody."""
    topics.create(kafka, f"{prefix}.t")
    topics.produce(kafka, f"{prefix}.t", [b"x"] * 10)
    assert 10 == lag(kafka, prefix, f"{prefix}.t")
    topics.delete_before(kafka, f"{prefix}.t", 0, 4)
    assert 6 == lag(kafka, prefix, f"{prefix}.t")


@pytest.mark.parametrize(("committed", "deleted", "waiting"), [(7, 0, 3), (10, 0, 0), (2, 5, 5), (99, 0, 0)])
def test_what_was_committed_waits_no_more(kafka: str, prefix: str, committed: int, deleted: int, waiting: int) -> None:
    """Of what lies behind it, what is still there; never less than nothing."""
    name = f"{prefix}.t"
    topics.create(kafka, name)
    topics.produce(kafka, name, [b"x"] * 10)
    consumer = Consumer({"bootstrap.servers": kafka, "group.id": prefix})
    consumer.commit(offsets=[TopicPartition(name, 0, committed)], asynchronous=False)
    consumer.close()
    if deleted:
        topics.delete_before(kafka, name, 0, deleted)
    assert waiting == lag(kafka, prefix, name)


def test_of_a_topic_that_is_missing_nothing_is_known(kafka: str, prefix: str) -> None:
    """It is not made by the way."""
    assert None is lag(kafka, prefix, f"{prefix}.none")
