"""A reader of committed events that knows how many there are, and how late each is."""

from __future__ import annotations

import threading
import time
from array import array
from datetime import datetime
from typing import TYPE_CHECKING, Self

from confluent_kafka import Consumer, TopicPartition

from clients.kafka import options
from schemas import topics

if TYPE_CHECKING:
    from confluent_kafka import Message

    from schemas.config import KafkaConfig

AT_ONCE = 10_000
WITHIN = 30.0


class Listener:
    """Reads the events topic from its beginning while it is entered, in a thread of its own.

    Args:
        config: the broker, and whose topic; it exists.
        stamped: whether it notes how late events are.

    Attributes:
        count: records so far.
        lateness: of each, if stamped: seconds from its creation in the vCenter until it was read here.
    """

    def __init__(self, config: KafkaConfig, *, stamped: bool) -> None:
        self.count = 0
        self.lateness = array("d")
        self._stamped = stamped
        self._topic = topics.events(config.prefix)
        self._consumer = Consumer(options.consumer(config, f"{config.prefix}.bench", client_id="bench"))
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Self:
        partitions = self._consumer.list_topics(self._topic, WITHIN).topics[self._topic].partitions
        self._consumer.assign([TopicPartition(self._topic, number, 0) for number in partitions])
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._stop.set()
        self._thread.join()
        self._consumer.close()

    def _run(self) -> None:
        while not self._stop.is_set():
            messages = [each for each in self._consumer.consume(AT_ONCE, 0.005) if each.error() is None]
            if self._stamped:
                now = time.time()
                self.lateness.extend(now - _created(message) for message in messages)
            self.count += len(messages)


def _created(message: Message) -> float:
    created = dict(message.headers() or ())["ce_time"]
    assert isinstance(created, bytes)
    return datetime.fromisoformat(created.decode()).timestamp()
