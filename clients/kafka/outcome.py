"""Whether a transaction came through: asked of the log, when the answer to its commit was lost."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Any, Final

from confluent_kafka import KafkaError, KafkaException, TopicPartition

from clients.kafka.errors import passes
from clients.kafka.observer import observer
from schemas.errors import Unreachable

if TYPE_CHECKING:
    from confluent_kafka import Message

    from clients.kafka.record import Outgoing, Position
    from schemas.config import KafkaConfig

LOOK: Final = 0.2
"""Seconds of one look for an answer."""


def committed(config: KafkaConfig, record: Outgoing, position: Position, *, name: str, until: float) -> bool:
    """Whether ``record``, written to ``position`` in a transaction that has ended, can be read there.

    Ask after the transactional id was opened again: until then the transaction may still end either way.

    Args:
        config: the ``kafka`` part of the configuration.
        record: one of the transaction.
        position: where the broker stored it.
        name: of this reader; librdkafka also asks for the coordinator of a group of this name, which needs Describe.
        until: ``monotonic()`` to wait to. Transactions of others that began earlier in the partition hold the answer
            back until they end.

    Raises:
        Unreachable: it could not be found out in time.
        Refused: an ACL is missing.
    """
    doing = f"find out about a commit to {record.topic}"
    quick = {"enable_partition_eof": True, "fetch_wait_max_ms": 100}
    with observer(config, name, client_id=name, doing=doing, **quick) as consumer:
        consumer.assign([TopicPartition(record.topic, position.partition, position.offset)])
        while monotonic() < until:
            message = consumer.poll(LOOK)
            if message is not None and (found := _found(message, record, position.offset)) is not None:
                return found
    raise Unreachable(f"cannot find out whether {record.topic} has a record: Kafka does not answer")


def _found(message: Message, record: Outgoing, offset: int) -> bool | None:
    """What a message, or the end of the partition, says; None: nothing yet."""
    error = message.error()
    if error is None:
        headers: Any = message.headers() or ()
        return message.offset() == offset and (message.value(), list(headers)) == (record.value, list(record.headers))
    if error.code() == KafkaError._PARTITION_EOF:  # noqa: SLF001 - librdkafka's own name for it
        # The end of what may be read: before the record, something else is still open.
        return False if (message.offset() or 0) > offset else None
    if error.name() in {"OFFSET_OUT_OF_RANGE", "_AUTO_OFFSET_RESET"} or passes(error):
        return None
    raise KafkaException(error)
