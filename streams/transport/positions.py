"""Where to begin reading a partition: decided here, never by ``auto.offset.reset``."""

from __future__ import annotations

import logging
import time
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from confluent_kafka import OFFSET_INVALID, KafkaException, TopicPartition

from schemas.errors import Unreachable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from confluent_kafka import Consumer

    from streams.transport.explain import Explain

log = logging.getLogger(__name__)

BROKER_TIMEOUT = 30.0
PATIENCE = 60.0
PAUSE = 0.2

Answer = TypeVar("Answer")


def starting(consumer: Consumer, partitions: Sequence[TopicPartition], explain: Explain) -> list[TopicPartition]:
    """The partitions with explicit offsets: committed, or the oldest record for a group that has none.

    A committed offset that the log no longer holds is a loss and is logged as one, with its range.

    Raises:
        Refused: the broker does not let us.
        Unreachable: it has not answered for a minute.
    """
    ask = partial(_patiently, explain=explain)
    committed = ask(partial(consumer.committed, list(partitions), timeout=BROKER_TIMEOUT))
    positions = []
    for tp in committed:
        low, high = ask(partial(consumer.get_watermark_offsets, tp, timeout=BROKER_TIMEOUT))
        positions.append(TopicPartition(tp.topic, tp.partition, _start(tp, low, high)))
    return positions


def _start(committed: TopicPartition, low: int, high: int) -> int:
    offset = int(committed.offset)
    if offset == OFFSET_INVALID:
        return low
    where = f"{committed.topic}/{committed.partition}"
    if offset < low:
        log.error("%s: records %d to %d were deleted before they were delivered", where, offset, low - 1)
        return low
    if offset > high:
        log.error("%s: committed offset %d is beyond the end %d; starting over at %d", where, offset, high, low)
        return low
    return offset


def _patiently(ask: Callable[[], Answer], *, explain: Explain) -> Answer:
    """Ask again while the broker cannot answer yet, as it says for a while after a start."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return ask()
        except KafkaException as error:
            failure = explain(error.args[0], doing="read where to begin")
            if not isinstance(failure, Unreachable) or time.monotonic() > deadline:
                raise failure from error
            time.sleep(PAUSE)
