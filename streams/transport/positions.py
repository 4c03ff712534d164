"""Where to begin reading a partition: decided here, never by ``auto.offset.reset``."""

from __future__ import annotations

import logging
import time
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from confluent_kafka import OFFSET_INVALID, KafkaException, TopicPartition
from faust.types import TP

from clients.kafka.errors import passes
from schemas.errors import Unreachable
from streams.transport.held import Start
from streams.transport.ledger import Run

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from confluent_kafka import Consumer

    from streams.transport.explain import ExplainHere

log = logging.getLogger(__name__)

BROKER_TIMEOUT = 10.0
PAUSE = 0.2
SAY_AFTER = 10.0

Answer = TypeVar("Answer")


class Beginning(NamedTuple):
    """Where to begin with one partition, and which records of it were deleted before they were delivered."""

    tp: TP
    start: Start
    lost: Run | None = None


def beginnings(
    consumer: Consumer, partitions: Sequence[TopicPartition], *, explain: ExplainHere, stopping: Callable[[], bool]
) -> list[Beginning]:
    """For each partition the committed offset, or the oldest record for a group that has none.

    A committed offset that the log no longer holds is a loss. One beyond the end means that the topic was made anew:
    everything in it is read, for a repetition does less harm than a loss.

    Raises:
        Refused: the broker does not let us.
        Unreachable: it does not answer, and we shall stop.
    """
    ask = partial(_patiently, explain=explain, stopping=stopping)
    committed = ask(partial(_committed, consumer, partitions))
    found = []
    for tp in committed:
        low, high = ask(partial(consumer.get_watermark_offsets, tp, timeout=BROKER_TIMEOUT))
        found.append(begin(TP(tp.topic, tp.partition), int(tp.offset), tp.metadata or "", low, high))
    return found


def ends(consumer: Consumer, tp: TP, *, explain: ExplainHere, stopping: Callable[[], bool]) -> tuple[int, int]:
    """The offset of the oldest record and the one behind the newest; raises as ``beginnings`` does."""
    ask = partial(consumer.get_watermark_offsets, TopicPartition(*tp), timeout=BROKER_TIMEOUT)
    return _patiently(ask, explain=explain, stopping=stopping)


def begin(tp: TP, committed: int, metadata: str, low: int, high: int) -> Beginning:
    """The rule, for one partition whose log reaches from ``low`` to ``high``."""
    where = f"{tp.topic}/{tp.partition}"
    if committed == OFFSET_INVALID:
        if low > 0:
            log.warning("%s: no committed offset, starting at %d; what was before it is gone", where, low)
        return Beginning(tp, Start(low))
    if committed < low:
        return Beginning(tp, Start(low), Run(committed, low - 1))
    if committed > high:
        log.error("%s: committed offset %d is beyond the end %d; starting over at %d", where, committed, high, low)
        return Beginning(tp, Start(low))
    return Beginning(tp, Start(committed, metadata))


def _committed(consumer: Consumer, partitions: Sequence[TopicPartition]) -> list[TopicPartition]:
    found = consumer.committed(list(partitions), timeout=BROKER_TIMEOUT)
    for tp in found:
        if tp.error is not None:
            raise KafkaException(tp.error)  # Without it the partition would look like one of a new group.
    return found


def _patiently(ask: Callable[[], Answer], *, explain: ExplainHere, stopping: Callable[[], bool]) -> Answer:
    """Ask again while the broker is away or cannot answer yet, as it says for a while after a start.

    A member that waits too long is given up by its group; then what it holds is lost, and it joins again.
    """
    say_at = time.monotonic() + SAY_AFTER
    while True:
        try:
            return ask()
        except KafkaException as error:
            failure = explain(error.args[0], doing="read where to begin")
            wait = passes(error.args[0]) or isinstance(failure, Unreachable)
            if not wait or stopping():
                raise failure from error
            if time.monotonic() > say_at:
                log.warning("waiting for the broker: %s", failure.message)
                say_at = time.monotonic() + SAY_AFTER
            time.sleep(PAUSE)
