"""Reading changelogs from their beginning to their end, outside any group."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from confluent_kafka import Consumer, TopicPartition
from faust.types import TP

from clients.kafka.errors import Connection, passes
from clients.kafka.options import construct
from schemas.errors import Unreachable
from streams.transport.record import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from confluent_kafka import Message

    from streams.transport.explain import Explain, ExplainHere

BATCH = 1_000
POLL = 0.5


def replay(
    options: Mapping[str, Any],
    changelogs: Iterable[TP],
    take: Callable[[Sequence[Record]], None],
    *,
    explain: Explain,
    stopped: Callable[[], bool],
) -> bool:
    """Hand every committed record to ``take``, in batches, each partition in order. Blocks.

    Returns:
        Whether it has come to the last one, and was not stopped before.

    Raises:
        Refused: the broker does not let us.
    """
    wanted = {
        "enable.partition.eof": True,
        "auto.offset.reset": "earliest",
        "fetch.wait.max.ms": 10,  # The end of a log is what we are looking for, not what comes after it.
        "statistics.interval.ms": 0,
    }
    connection = Connection()
    consumer = construct(Consumer, {**options, **wanted, "error_cb": connection.heard})
    explain_here = partial(explain, connection=connection)
    open_ends = set(changelogs)
    try:
        consumer.assign([TopicPartition(tp.topic, tp.partition, 0) for tp in open_ends])
        while open_ends and not stopped():
            records = []
            for message in _some(consumer):
                if message.error() is None:
                    records.append(Record.of(message))
                else:
                    _heed(message, open_ends, explain_here)
            if records:
                take(records)
    finally:
        consumer.close()
    return not open_ends


def _some(consumer: Consumer) -> list[Message]:
    """What is there, and at least one message unless none comes; ``consume`` alone waits until a batch is full."""
    first = consumer.poll(POLL)
    return [] if first is None else [first, *consumer.consume(BATCH, 0)]


def _heed(message: Message, open_ends: set[TP], explain: ExplainHere) -> None:
    error = message.error()
    assert error is not None  # noqa: S101 - the caller has seen one
    if error.name() == "_PARTITION_EOF":
        open_ends.discard(TP(str(message.topic()), int(message.partition() or 0)))
        return
    failure = explain(error, doing="read a changelog")
    if not isinstance(failure, Unreachable) and not passes(error):
        raise failure
