"""A topic that grows, read on from where it was read before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from confluent_kafka import Consumer, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec  # public, but not marked as re-exported

from tests.support.topics import patiently

if TYPE_CHECKING:
    from collections.abc import Sequence

    from confluent_kafka import Message

PATIENCE: Final = 60.0  # seconds for one answer of a broker, which may just come back


class Reader:
    """Fetches every record once, however often it is asked; belongs to one thread.

    Args:
        bootstrap: the broker.
        topic: it exists, and nobody writes transactions to it.
    """

    def __init__(self, bootstrap: str, topic: str) -> None:
        # Silent: a broker may be away, and what librdkafka writes about it would be read as output of a test.
        client = {"bootstrap.servers": bootstrap, "log_level": 0}
        # The end of a topic is asked for on a connection of its own: on this one it would wait behind a long fetch.
        self._admin = AdminClient(client)
        self._consumer = Consumer(client | {"group.id": "reader", "enable.auto.commit": False})
        numbers = self._admin.list_topics(topic, PATIENCE).topics[topic].partitions
        self._partitions = [TopicPartition(topic, number, 0) for number in numbers]
        self._consumer.assign(self._partitions)
        self._records: list[Message] = []

    def read(self) -> Sequence[Message]:
        """Every record up to the present end; within a partition in order."""
        end = self._end()
        while len(self._records) < end:
            message = self._consumer.poll(PATIENCE)
            assert message is not None, f"nothing more within {PATIENCE} s"
            if message.error() is None:  # of others librdkafka takes care by itself
                self._records.append(message)
        return self._records

    def close(self) -> None:
        """End the consumer."""
        self._consumer.close()

    def _end(self) -> int:
        """How many records there are in all partitions."""
        latest = OffsetSpec.latest()  # type: ignore[no-untyped-call]

        def ask() -> int:
            asked = self._admin.list_offsets(dict.fromkeys(self._partitions, latest), request_timeout=PATIENCE)
            return sum(int(answer.result(PATIENCE).offset) for answer in asked.values())

        return patiently(ask)
