"""One record, by where it lies."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from confluent_kafka import KafkaError, KafkaException, TopicPartition

from clients.kafka.errors import passes
from clients.kafka.observer import observer
from schemas.errors import ReflexarcError, Unreachable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schemas.config import KafkaConfig

WITHIN: Final = 10.0
"""Seconds to wait for it."""

CLIENT: Final = "lookup"


class Place(NamedTuple):
    """Where a record lies."""

    topic: str
    partition: int
    offset: int

    def __str__(self) -> str:
        return f"{self.topic}/{self.partition}/{self.offset}"


class Stored(NamedTuple):
    """A record as it lies there."""

    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes | None]]
    timestamp: int


def record_at(config: KafkaConfig, place: Place) -> Stored:
    """The record at a place.

    Raises:
        ReflexarcError: there is none: deleted, not written yet, aborted, or no such topic or partition.
        Refused: an ACL is missing.
        Unreachable: the brokers are away.
    """
    with observer(config, CLIENT, client_id=CLIENT, doing=f"read {place}", enable_partition_eof=True) as consumer:
        consumer.assign([TopicPartition(*place)])
        return _read(consumer, place)


def _read(consumer: Any, place: Place) -> Stored:
    end = monotonic() + WITHIN
    while monotonic() < end:
        message = consumer.poll(1.0)
        if message is None:
            continue
        error = message.error()
        if error is None and message.offset() == place.offset:
            return Stored(message.key(), message.value(), message.headers() or (), message.timestamp()[1])
        if error is not None and not _absent(error):
            if passes(error):
                continue
            raise KafkaException(error)
        raise ReflexarcError(
            f"no record lies at {place}", cure="it may be deleted, not written yet, or undone; look at the ends first"
        )
    raise Unreachable(f"cannot read {place}: Kafka does not answer")


def _absent(error: KafkaError) -> bool:
    return error.name() in {"_PARTITION_EOF", "_AUTO_OFFSET_RESET", "OFFSET_OUT_OF_RANGE", "_UNKNOWN_PARTITION"}
