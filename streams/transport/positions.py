"""Where to begin reading a partition: decided here, never by ``auto.offset.reset``."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from confluent_kafka import OFFSET_INVALID, TopicPartition

if TYPE_CHECKING:
    from collections.abc import Sequence

    from confluent_kafka import Consumer

log = logging.getLogger(__name__)

BROKER_TIMEOUT = 30.0


def starting(consumer: Consumer, partitions: Sequence[TopicPartition]) -> list[TopicPartition]:
    """The partitions with explicit offsets: committed, or the oldest record for a group that has none.

    A committed offset that the log no longer holds is a loss and is logged as one, with its range.

    Raises:
        KafkaException: the broker did not answer within 30 s.
    """
    committed = consumer.committed(list(partitions), timeout=BROKER_TIMEOUT)
    return [TopicPartition(tp.topic, tp.partition, _start(consumer, tp)) for tp in committed]


def _start(consumer: Consumer, committed: TopicPartition) -> int:
    low, high = consumer.get_watermark_offsets(committed, timeout=BROKER_TIMEOUT)
    offset = int(committed.offset)
    if offset == OFFSET_INVALID:
        return int(low)
    where = f"{committed.topic}/{committed.partition}"
    if offset < low:
        log.error("%s: records %d to %d were deleted before they were delivered", where, offset, low - 1)
        return int(low)
    if offset > high:
        log.error("%s: committed offset %d is beyond the end %d; starting over at %d", where, offset, high, low)
        return int(low)
    return offset
