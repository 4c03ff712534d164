"""A compacted topic read from its beginning, in no group: first what it holds, then what comes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from confluent_kafka import OFFSET_BEGINNING, KafkaError, KafkaException, TopicPartition

from clients.kafka.errors import passes
from clients.kafka.reader import Reader

if TYPE_CHECKING:
    from confluent_kafka import Message

    from schemas.config import KafkaConfig

BATCH: Final = 1_000


class Compacted:
    """All partitions of one topic. For one thread.

    Args:
        config: the ``kafka`` part of the configuration.
        topic: its name.
        client_id: as ``Reader`` takes it.

    Raises:
        Unreachable: no broker answers.
        Refused: the topic does not exist, or an ACL is missing.
    """

    def __init__(self, config: KafkaConfig, topic: str, *, client_id: str) -> None:
        self._topic = topic
        self._reader = Reader(config, topic, client_id=client_id)
        self._ahead = set(self._reader.partitions)
        self._reader.consumer.assign([TopicPartition(topic, number, OFFSET_BEGINNING) for number in self._ahead])

    @property
    def complete(self) -> bool:
        """Whether all that the topic held when it was opened has been read."""
        return not self._ahead

    def read(self, seconds: float) -> list[Message]:
        """The next records, in the order of their partition; at the latest after so long.

        Raises:
            ReflexarcError: this reader is of no use any more: open another one, and take nothing for known.
        """
        try:
            first = self._reader.consumer.poll(seconds)
            # Only what is here already: `consume` itself would wait until so many have come.
            messages = [] if first is None else [first, *self._reader.consumer.consume(BATCH, 0)]
        except KafkaException as error:
            raise self._reader.explained(error) from error
        return [message for message in messages if self._is_record(message)]

    def prove(self, seconds: float) -> None:
        """Return if the leader of every partition answers, each within so long.

        ``read`` alone waits in silence for a leader that is away, and for a topic that was deleted.

        Raises:
            ReflexarcError: as ``read`` does.
        """
        for number in self._reader.partitions:
            try:
                self._reader.consumer.get_watermark_offsets(TopicPartition(self._topic, number), seconds, cached=False)
            except KafkaException as error:
                raise self._reader.explained(error) from error

    def close(self) -> None:
        """Leave the brokers alone."""
        self._reader.close()

    def _is_record(self, message: Message) -> bool:
        error = message.error()
        if error is None:
            return True
        if error.code() == KafkaError._PARTITION_EOF:  # noqa: SLF001 - librdkafka's own name for it
            self._ahead.discard(message.partition() or 0)
        elif not passes(error):
            raise self._reader.explained(error)
        return False
