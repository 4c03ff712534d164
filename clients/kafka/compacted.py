"""A compacted topic read from its beginning, in no group: first what it holds, then what comes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, KafkaException, TopicPartition

from clients.kafka import options
from clients.kafka.errors import Connection, explain, passes

if TYPE_CHECKING:
    from confluent_kafka import Message

    from schemas.config import KafkaConfig

ANSWER: Final = 10.0
"""Seconds to wait for the partitions of the topic."""

BATCH: Final = 1_000

# The end is told after an empty answer; a broker waits half a second for more before it gives one.
_TO_THE_END: Final = {"enable.partition.eof": True, "fetch.wait.max.ms": 100}


class Compacted:
    """All partitions of one topic. For one thread.

    Args:
        config: the ``kafka`` part of the configuration.
        topic: its name.
        client_id: what the brokers call this reader. librdkafka also takes it for the name of a group, asks for its
            coordinator and no more: where ACLs are enforced it needs Describe.

    Raises:
        Unreachable: no broker answers.
        Refused: the topic does not exist, or an ACL is missing.
    """

    def __init__(self, config: KafkaConfig, topic: str, *, client_id: str) -> None:
        self._config = config
        self._topic = topic
        self._heard = Connection()
        given = options.consumer(config, client_id, client_id=client_id, on_error=self._heard.heard)
        self._consumer: Any = options.construct(Consumer, given | _TO_THE_END)
        try:
            self._ahead = self._partitions()
            self._consumer.assign([TopicPartition(topic, number, OFFSET_BEGINNING) for number in self._ahead])
        except BaseException:
            self.close()
            raise

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
            first = self._consumer.poll(seconds)
            # Only what is here already: `consume` itself would wait until so many have come.
            messages = [] if first is None else [first, *self._consumer.consume(BATCH, 0)]
        except KafkaException as error:
            raise self._explained(error.args[0]) from error
        return [message for message in messages if self._is_record(message)]

    def close(self) -> None:
        """Leave the brokers alone."""
        self._consumer.close()

    def _partitions(self) -> set[int]:
        try:
            metadata = self._consumer.list_topics(self._topic, timeout=ANSWER).topics[self._topic]
        except KafkaException as error:
            raise self._explained(error.args[0]) from error
        if metadata.error is not None:
            raise self._explained(metadata.error)
        return set(metadata.partitions)

    def _is_record(self, message: Message) -> bool:
        error = message.error()
        if error is None:
            return True
        if error.code() == KafkaError._PARTITION_EOF:  # noqa: SLF001 - librdkafka's own name for it
            self._ahead.discard(message.partition() or 0)
        elif not passes(error):
            raise self._explained(error)
        return False

    def _explained(self, error: KafkaError) -> Exception:
        return explain(error, doing=f"read {self._topic}", config=self._config, connection=self._heard)
