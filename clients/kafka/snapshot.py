"""A topic as it is now: every partition from its first record to its present end, in no group."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Final, NamedTuple, Self

from confluent_kafka import KafkaError, KafkaException, TopicPartition

from clients.kafka.errors import passes
from clients.kafka.place import Place, Stored
from clients.kafka.reader import ANSWER, Reader
from schemas.errors import ReflexarcError, Unreachable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confluent_kafka import Message

    from schemas.config import KafkaConfig

SILENCE: Final = 30.0
"""Seconds without a record and without the end after which the brokers count as away."""

BATCH: Final = 500
LOOK: Final = 0.2


class Span(NamedTuple):
    """The offsets of a partition: from ``low`` on, below ``high``; not every one of them need hold a record."""

    low: int
    high: int


class Snapshot:
    """One topic, read as often as asked for, always up to the same end. For one thread; use it in ``with``.

    Args:
        config: the ``kafka`` part of the configuration.
        topic: its name.
        client_id: as ``Reader`` takes it.

    Raises:
        Unreachable: no broker answers.
        Refused: the topic does not exist, or an ACL is missing.
    """

    def __init__(self, config: KafkaConfig, topic: str, *, client_id: str) -> None:
        self.topic = topic
        self._reader = Reader(config, topic, client_id=client_id)
        try:
            self.spans = self._spans()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Leave the brokers alone."""
        self._reader.close()

    def read(self) -> Iterator[tuple[Place, Stored]]:
        """Every committed record, one partition after the other, each in its order. Holds 500 of them at once.

        Raises:
            Unreachable: the brokers are away.
            Refused: an ACL is missing.
            ReflexarcError: records were deleted meanwhile; begin anew.
        """
        for partition, span in self.spans.items():
            if span.low < span.high:
                yield from self._partition(partition, span)

    def _partition(self, partition: int, span: Span) -> Iterator[tuple[Place, Stored]]:
        self._reader.consumer.assign([TopicPartition(self.topic, partition, span.low)])
        heard = monotonic()
        while True:
            try:
                messages = self._reader.consumer.consume(BATCH, LOOK)
            except KafkaException as error:
                raise self._reader.explained(error) from error
            for message in messages:
                if self._ends(message, span):
                    return
                if message.error() is None:
                    place = Place(self.topic, partition, message.offset())
                    yield place, Stored(message.key(), message.value(), message.headers() or (), message.timestamp()[1])
            if messages:
                heard = monotonic()
            elif monotonic() - heard > SILENCE:
                raise Unreachable(f"cannot read {self.topic}: Kafka does not answer", cure="run it again")

    def _ends(self, message: Message, span: Span) -> bool:
        error = message.error()
        if error is None:
            return (message.offset() or 0) >= span.high
        if error.code() == KafkaError._PARTITION_EOF:  # noqa: SLF001 - librdkafka's own name for it
            return True
        if error.name() == "_AUTO_OFFSET_RESET":
            raise ReflexarcError(f"records of {self.topic} were deleted meanwhile", cure="run it again")
        if not passes(error):
            raise self._reader.explained(error)
        return False

    def _spans(self) -> dict[int, Span]:
        try:
            return {partition: self._span(partition) for partition in self._reader.partitions}
        except KafkaException as error:
            raise self._reader.explained(error) from error

    def _span(self, partition: int) -> Span:
        offsets = self._reader.consumer.get_watermark_offsets(TopicPartition(self.topic, partition), timeout=ANSWER)
        if offsets is None:
            raise Unreachable(f"cannot read {self.topic}: Kafka does not answer", cure="run it again")
        return Span(*offsets)
