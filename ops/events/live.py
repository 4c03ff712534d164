"""Events as they arrive in Kafka, for somebody who looks on."""

from __future__ import annotations

from time import time
from typing import TYPE_CHECKING, Any, Final

from confluent_kafka import OFFSET_END, KafkaError, KafkaException, TopicPartition

from clients.kafka.errors import passes
from clients.kafka.observer import observer
from clients.kafka.place import Place, Stored
from schemas import topics

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from confluent_kafka import Message

    from schemas.config import KafkaConfig

ANSWER: Final = 10.0
LOOK: Final = 0.2


def follow(
    config: KafkaConfig, *, back: float | None, stopped: Callable[[], bool], end: bool = False
) -> Iterator[tuple[Place, Stored]]:
    """Every committed record of the events topic from now on, or from ``back`` seconds ago on, until stopped.

    With ``end`` also until all that is there has been shown. Joins no consumer group, and moves no offset.

    Raises:
        Refused: an ACL is missing, or there is no such topic.
        Unreachable: the brokers are away.
    """
    topic = topics.events(config.prefix)
    name = topics.group(config.prefix, topics.TAP)
    with observer(config, name, client_id=name, doing=f"follow {topic}", enable_partition_eof=end) as consumer:
        starts = _starts(consumer, topic, back)
        consumer.assign(starts)
        unread = {start.partition for start in starts}
        while unread and not stopped():
            message = consumer.poll(LOOK)
            if message is not None and _ends(message):
                unread.discard(message.partition())
            elif message is not None and not _passes(message):
                stored = Stored(message.key(), message.value(), message.headers() or (), message.timestamp()[1])
                yield Place(topic, message.partition(), message.offset()), stored


def _ends(message: Message) -> bool:
    """Whether all of a partition has been read; heard only where that was asked for."""
    error = message.error()
    return error is not None and error.code() == KafkaError._PARTITION_EOF  # noqa: SLF001 - its own name


def _passes(message: Message) -> bool:
    """Whether it is a passing trouble instead of a record."""
    error = message.error()
    if error is not None and not passes(error):
        raise KafkaException(error)
    return error is not None


def _starts(consumer: Any, topic: str, back: float | None) -> list[TopicPartition]:
    metadata = consumer.list_topics(topic, timeout=ANSWER).topics[topic]
    if metadata.error is not None:
        raise KafkaException(metadata.error)
    if back is None:
        return [TopicPartition(topic, partition, OFFSET_END) for partition in metadata.partitions]
    since = round((time() - back) * 1000)
    asked = [TopicPartition(topic, partition, since) for partition in metadata.partitions]
    return [
        TopicPartition(topic, found.partition, found.offset if found.offset >= 0 else OFFSET_END)
        for found in consumer.offsets_for_times(asked, timeout=ANSWER)
    ]
