"""How far a consumer group has come, read and written without joining it.

A consumer that never subscribes asks: librdkafka's admin client dies of a null pointer when it asks for the offsets of
a group whose coordinator is just moving or has never been needed (librdkafka issue 5040, seen with 2.16.1).
"""

from __future__ import annotations

from time import monotonic, sleep
from typing import TYPE_CHECKING, Any, Final, TypeVar

from confluent_kafka import KafkaException, TopicPartition

from clients.kafka.errors import passes, reason
from clients.kafka.observer import observer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from schemas.config import KafkaConfig

Answer = TypeVar("Answer")

WITHIN: Final = 5.0
"""Seconds to wait for one answer."""

PATIENCE: Final = 30.0
"""Seconds in which a coordinator must have come to rest."""

PAUSE: Final = 0.2

_HAS_MEMBERS: Final = frozenset({"NON_EMPTY_GROUP", "UNKNOWN_MEMBER_ID", "REBALANCE_IN_PROGRESS"})


def positions(config: KafkaConfig, group: str, topic: str, *, client_id: str) -> dict[int, int]:
    """The offsets that a group has committed in a topic, by partition; none of a group or topic that does not exist.

    A coordinator that is moving or loading is waited for.

    Raises:
        Refused: not allowed to describe the group or the topic.
        Unreachable: the brokers are away.
    """
    with observer(config, group, client_id=client_id, doing=f"look at group {group}") as consumer:
        found = consumer.list_topics(topic, timeout=WITHIN).topics[topic]
        if found.error is not None:
            if found.error.name() == "UNKNOWN_TOPIC_OR_PART":
                return {}
            raise KafkaException(found.error)
        asked = [TopicPartition(topic, partition) for partition in sorted(found.partitions)]
        answer = _patiently(consumer, lambda: _checked(consumer.committed(asked, timeout=WITHIN)))
        return {each.partition: each.offset for each in answer if each.offset >= 0}


def begin_at(config: KafkaConfig, group: str, topic: str, offsets: Mapping[int, int], *, client_id: str) -> None:
    """Commit these offsets for a group without members; one that has members has begun, and stays as it is.

    A coordinator that is moving or loading is waited for.

    Raises:
        Refused: not allowed to.
        Unreachable: the brokers are away.
    """
    wanted = [TopicPartition(topic, partition, offset) for partition, offset in sorted(offsets.items())]
    with observer(config, group, client_id=client_id, doing=f"begin group {group}") as consumer:
        try:
            _patiently(consumer, lambda: _checked(consumer.commit(offsets=wanted, asynchronous=False)))
        except KafkaException as error:
            if reason(error).name() not in _HAS_MEMBERS:
                raise


def _checked(answer: Sequence[TopicPartition]) -> Sequence[TopicPartition]:
    """The answer, when it is one for every partition."""
    for each in answer:
        if each.error is not None:
            raise KafkaException(each.error)
    return answer


def _patiently(consumer: Any, ask: Callable[[], Answer]) -> Answer:
    """Ask until the answer is none that passes by itself, or for half a minute.

    Raises:
        KafkaException: the last answer; why there was none, where librdkafka keeps that for who polls.
    """
    until = monotonic() + PATIENCE
    while True:
        try:
            return ask()
        except KafkaException as error:
            told = consumer.poll(0)
            if told is not None and (why := told.error()) is not None and not passes(why):
                raise KafkaException(why) from error
            if not (passes(reason(error)) or reason(error).name() == "_TIMED_OUT") or monotonic() > until:
                raise
        sleep(PAUSE)
