"""Where to begin reading a partition: decided here, never by ``auto.offset.reset``."""

from __future__ import annotations

import logging
import time
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from confluent_kafka import OFFSET_INVALID, KafkaException, TopicPartition

from clients.kafka.errors import passes
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


def starting(
    consumer: Consumer, partitions: Sequence[TopicPartition], *, explain: Explain, stopping: Callable[[], bool]
) -> list[TopicPartition]:
    """The partitions with explicit offsets: committed, or the oldest record for a group that has none.

    A committed offset that the log no longer holds is a loss and is logged as one, with its range. One beyond the end
    means that the topic was made anew: everything in it is read, for a repetition does less harm than a loss.

    Raises:
        Refused: the broker does not let us.
        Unreachable: it has not answered for a minute.
    """
    ask = partial(_patiently, explain=explain, stopping=stopping, deadline=time.monotonic() + PATIENCE)
    committed = ask(partial(consumer.committed, list(partitions), timeout=BROKER_TIMEOUT))
    positions = []
    for tp in committed:
        low, high = ask(partial(consumer.get_watermark_offsets, tp, timeout=BROKER_TIMEOUT))
        positions.append(TopicPartition(tp.topic, tp.partition, _start(tp, low, high)))
    return positions


def _start(committed: TopicPartition, low: int, high: int) -> int:
    offset = int(committed.offset)
    where = f"{committed.topic}/{committed.partition}"
    if offset == OFFSET_INVALID:
        if low > 0:
            log.warning("%s: no committed offset, starting at %d; what was before it is gone", where, low)
        return low
    if offset < low:
        log.error("%s: records %d to %d were deleted before they were delivered", where, offset, low - 1)
        return low
    if offset > high:
        log.error("%s: committed offset %d is beyond the end %d; starting over at %d", where, offset, high, low)
        return low
    return offset


def _patiently(ask: Callable[[], Answer], *, explain: Explain, stopping: Callable[[], bool], deadline: float) -> Answer:
    """Ask again while the broker cannot answer yet, as it says for a while after a start."""
    while True:
        try:
            return ask()
        except KafkaException as error:
            failure = explain(error.args[0], doing="read where to begin")
            wait = passes(error.args[0]) or isinstance(failure, Unreachable)
            if not wait or stopping() or time.monotonic() > deadline:
                raise failure from error
            time.sleep(PAUSE)
