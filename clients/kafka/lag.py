"""How much of a topic a consumer group has still before it; asked without joining it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from confluent_kafka import Consumer, KafkaException, TopicPartition

from clients.kafka import options
from clients.kafka.errors import Connection, explain, reason
from schemas.errors import Unreachable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from confluent_kafka import KafkaError

    from schemas.config import KafkaConfig

ANSWER: Final = 10.0
"""Seconds to wait for one answer."""


class Lag:
    """What waits for one group. For one thread; close it.

    Args:
        config: the ``kafka`` part of the configuration.
        group: whose commits count.
        client_id: what the brokers call this client.
    """

    def __init__(self, config: KafkaConfig, group: str, *, client_id: str) -> None:
        self._config = config
        self._group = group
        self._heard = Connection()
        given = options.consumer(config, group, client_id=client_id, on_error=self._heard.heard)
        self._consumer: Any = options.construct(Consumer, given)

    def close(self) -> None:
        """Leave the brokers alone."""
        self._consumer.close()

    def of(self, topic: str) -> int | None:
        """Offsets between what is committed, or else the oldest record, and the end; None when there is no such topic.

        Where records were written in transactions there are somewhat fewer records than that.

        Raises:
            Refused: an ACL is missing.
            Unreachable: the brokers are away.
        """
        try:
            metadata = self._consumer.list_topics(topic, timeout=ANSWER).topics[topic]
            if metadata.error is not None and metadata.error.name() == "UNKNOWN_TOPIC_OR_PART":
                return None
            if metadata.error is None:
                asked = [TopicPartition(topic, partition) for partition in metadata.partitions]
                return sum(map(self._behind, self._consumer.committed(asked, timeout=ANSWER)))
        except KafkaException as error:
            raise self._explained(reason(error)) from error
        raise self._explained(metadata.error)

    def of_all(self, topics: Iterable[str]) -> dict[str, int | None]:
        """The same for several topics, by name."""
        return {topic: self.of(topic) for topic in topics}

    def _behind(self, committed: TopicPartition) -> int:
        offsets = self._consumer.get_watermark_offsets(
            TopicPartition(committed.topic, committed.partition), timeout=ANSWER
        )
        if offsets is None:
            raise Unreachable(f"cannot read {committed.topic}: Kafka does not answer", cure="run it again")
        low, high = offsets
        return int(high - max(low, min(committed.offset, high)))

    def _explained(self, error: KafkaError) -> Exception:
        doing = f"look how far {self._group} is"
        return explain(error, doing=doing, config=self._config, connection=self._heard)
