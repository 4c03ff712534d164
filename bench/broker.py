"""What the bench asks of the broker beside the product: how full a topic is, a fresh group, an end to its topics."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient

from clients.kafka import options
from schemas import topics

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from schemas.config import Config

WITHIN = 30.0
LOOK = 0.2
_UNSETTLED = (
    KafkaError.NOT_LEADER_FOR_PARTITION,
    KafkaError.LEADER_NOT_AVAILABLE,
    KafkaError.UNKNOWN_TOPIC_OR_PART,
)


class Broker:
    """The bench's own connections.

    Args:
        config: whose topics and groups.
    """

    def __init__(self, config: Config) -> None:
        self._config = config
        self._admin = AdminClient(options.client(config.kafka, client_id="bench"))
        self._reader = Consumer(options.consumer(config.kafka, f"{config.kafka.prefix}.bench", client_id="bench"))

    def growth(self, topic: str) -> Callable[[], int]:
        """A function that tells how many records the topic has got since now."""
        before = self._end(topic)
        return lambda: self._end(topic) - before

    def forget(self, group: str) -> None:
        """Make a group start anew at the oldest record; waits for the sessions of members that have ended."""
        deadline = time.monotonic() + WITHIN
        while True:
            try:
                self._admin.delete_consumer_groups([group], request_timeout=WITHIN)[group].result()
            except KafkaException as error:
                code = error.args[0].code()
                if code == KafkaError.GROUP_ID_NOT_FOUND:
                    return
                if code != KafkaError.NON_EMPTY_GROUP or time.monotonic() > deadline:
                    raise
                time.sleep(LOOK)
            else:
                return

    def clear(self) -> None:
        """Delete every topic of the configuration."""
        self.delete([topic.name for topic in topics.table(self._config)])

    def delete(self, names: Sequence[str]) -> None:
        """Delete these topics."""
        for outcome in self._admin.delete_topics(list(names), request_timeout=WITHIN).values():
            outcome.result()

    def _end(self, topic: str) -> int:
        partitions = [TopicPartition(topic, number) for number in range(self._config.kafka.partitions)]
        return sum(map(self._high, partitions))

    def _high(self, partition: TopicPartition) -> int:
        """Asks again while a new partition comes to its leader."""
        deadline = time.monotonic() + WITHIN
        while True:
            try:
                return int(self._reader.get_watermark_offsets(partition, timeout=WITHIN)[1])
            except KafkaException as error:
                if error.args[0].code() not in _UNSETTLED or time.monotonic() > deadline:
                    raise
                time.sleep(LOOK)
