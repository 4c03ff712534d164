"""One topic, opened to be read in no group."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from confluent_kafka import Consumer, KafkaException

from clients.kafka import options
from clients.kafka.errors import Connection, explain, reason

if TYPE_CHECKING:
    from confluent_kafka import KafkaError

    from schemas.config import KafkaConfig

ANSWER: Final = 10.0
"""Seconds to wait for the partitions of the topic."""

# The end is told after an empty answer; a broker waits half a second for more before it gives one.
_TO_THE_END: Final = {"enable.partition.eof": True, "fetch.wait.max.ms": 100}


class Reader:
    """A consumer that is assigned by its owner and commits nothing; it tells the end of each partition. For one thread.

    Args:
        config: the ``kafka`` part of the configuration.
        topic: its name.
        client_id: what the brokers call this reader. librdkafka also takes it for the name of a group, asks for its
            coordinator and no more: where ACLs are enforced it needs Describe.

    Attributes:
        consumer: of confluent-kafka, with nothing assigned yet.
        partitions: the numbers of the topic's partitions, sorted.

    Raises:
        Unreachable: no broker answers.
        Refused: the topic does not exist, or an ACL is missing.
    """

    def __init__(self, config: KafkaConfig, topic: str, *, client_id: str) -> None:
        self._config = config
        self._topic = topic
        self._heard = Connection()
        given = options.consumer(config, client_id, client_id=client_id, on_error=self._heard.heard)
        self.consumer: Any = options.construct(Consumer, given | _TO_THE_END)
        try:
            self.partitions = self._partitions()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Leave the brokers alone."""
        self.consumer.close()

    def explained(self, error: KafkaError | KafkaException | SystemError) -> Exception:
        """What the caller must do about what a call has raised, or a message has instead of a record."""
        found = reason(error) if isinstance(error, KafkaException | SystemError) else error
        return explain(found, doing=f"read {self._topic}", config=self._config, connection=self._heard)

    def _partitions(self) -> list[int]:
        try:
            metadata = self.consumer.list_topics(self._topic, timeout=ANSWER).topics[self._topic]
        except KafkaException as error:
            raise self.explained(error) from error
        if metadata.error is not None:
            raise self.explained(metadata.error)
        return sorted(metadata.partitions)
