"""The ends of a topic's partitions, read backwards: for what stands near the end, and costs no more than that."""

from __future__ import annotations

from time import monotonic, sleep
from typing import TYPE_CHECKING, Any, Final

from confluent_kafka import KafkaError, KafkaException, TopicPartition

from clients.kafka.errors import passes, reason
from schemas.errors import Unreachable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from confluent_kafka import Message

ANSWER: Final = 10.0
"""Seconds to wait for the offsets of a partition."""

PAUSE: Final = 0.1
BATCH: Final = 1_000
PATIENCE: Final = 1.0
"""Seconds between two questions whether to stop."""

# The end of a partition, or records that retention has just deleted: there is no more in either.
_NO_MORE: Final = frozenset({KafkaError._PARTITION_EOF, KafkaError._AUTO_OFFSET_RESET})  # noqa: SLF001 - its own names


class Ends:
    """All partitions of one topic, as they end now.

    Args:
        consumer: with ``enable.partition.eof``; it is assigned what is read, and closed by its owner.
        topic: its name.
        stopped: asked about once a second; true ends a reading early.

    Raises:
        KafkaException: the topic cannot be read; any method may raise it.
        Unreachable: the brokers do not answer.
    """

    def __init__(self, consumer: Any, topic: str, *, stopped: Callable[[], bool]) -> None:
        self._consumer = consumer
        self._topic = topic
        self._stopped = stopped
        self._ends = [_End(partition, *self._offsets(partition)) for partition in self._partitions()]
        self.interrupted = False

    @property
    def exhausted(self) -> bool:
        """Whether every record was read."""
        return not self.interrupted and all(end.start == end.low for end in self._ends)

    @property
    def searched(self) -> int:
        """Most offsets that were passed by in one partition."""
        return max((end.high - end.start for end in self._ends), default=0)

    def lows(self) -> dict[int, int]:
        """The oldest offset of each partition."""
        return {end.partition: end.low for end in self._ends}

    def reach_to(self, moment: float | None) -> bool:
        """Whether what was read reaches back to this time of arrival, seconds since 1970; None: to the beginning."""
        return all(end.start == end.low or (moment is not None and end.oldest < moment) for end in self._ends)

    def read(self, portion: int) -> Iterator[Message]:
        """The committed records among the last ``portion`` unread offsets of every partition."""
        unread = {end.partition: end for end in self._ends if end.start > end.low}
        stops = {partition: end.start for partition, end in unread.items()}
        for end in unread.values():
            end.start = max(end.low, end.start - portion)
        self._consumer.assign([TopicPartition(self._topic, end.partition, end.start) for end in unread.values()])
        while unread and not self._is_interrupted():
            for message in self._consumer.consume(BATCH, PATIENCE):
                partition = message.partition()
                if partition not in unread:
                    continue
                if _ends(message) or message.offset() >= stops[partition]:
                    self._consumer.incremental_unassign([TopicPartition(self._topic, partition)])
                    del unread[partition]
                    continue
                unread[partition].oldest = min(unread[partition].oldest, message.timestamp()[1] / 1000)
                yield message

    def _is_interrupted(self) -> bool:
        self.interrupted = self.interrupted or self._stopped()
        return self.interrupted

    def _partitions(self) -> Sequence[int]:
        metadata = self._consumer.list_topics(self._topic, timeout=ANSWER).topics[self._topic]
        if metadata.error is not None:
            raise KafkaException(metadata.error)
        return sorted(metadata.partitions)

    def _offsets(self, partition: int) -> tuple[int, int]:
        end = monotonic() + ANSWER
        while True:
            try:
                offsets = self._consumer.get_watermark_offsets(TopicPartition(self._topic, partition), timeout=ANSWER)
            except KafkaException as error:  # its leader is moving, or not there yet
                if not passes(reason(error)) or monotonic() > end:
                    raise
                sleep(PAUSE)
            else:
                if offsets is None:
                    raise Unreachable(f"cannot read {self._topic}: Kafka does not answer")
                low, high = offsets
                return low, high


class _End:
    """One partition: what lies before ``start`` is unread."""

    def __init__(self, partition: int, low: int, high: int) -> None:
        self.partition = partition
        self.low = low
        self.start = self.high = high
        self.oldest = float("inf")


def _ends(message: Message) -> bool:
    error = message.error()
    if error is not None and error.code() not in _NO_MORE:
        raise KafkaException(error)
    return error is not None
