"""Events for long tests: each carries the time of its publishing; they are counted, not numbered."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING, Final

from confluent_kafka import Producer

from clients.kafka import options
from schemas.config import KafkaConfig
from tests.soak.reader import AT

if TYPE_CHECKING:
    from threading import Event as Flag

    from confluent_kafka import KafkaError, Message

KEYS: Final = 997
TIMEOUT: Final = 120.0
HEADERS: Final = [(f"ce_extension{number}", b"a value of some length %d" % number) for number in range(9)]


class Supply:
    """One producer for one topic; ``run`` belongs into a thread.

    Args:
        bootstrap: the broker.
        topic: where to publish; it exists.
        padding: bytes of a value behind its time; chance, as they would else be compressed away.
        headers: of every event.

    Attributes:
        stored: what the broker has confirmed.
    """

    def __init__(
        self, bootstrap: str, topic: str, *, padding: int = 32, headers: list[tuple[str, bytes]] | None = None
    ) -> None:
        given = options.producer(KafkaConfig(bootstrap=bootstrap), client_id="supply")
        self._producer = Producer(given | {"queue.buffering.max.messages": 20_000})
        self._topic = topic
        self._chance = random.Random(topic).randbytes(padding << 8)  # noqa: S311 - no secret
        self._padding = padding
        self._headers = headers or []
        self.stored = 0

    def run(self, events: int, *, rate: float | None = None, stop: Flag | None = None) -> None:
        """Publish so many, or until ``stop`` is set; returns when the broker has them."""
        began = time.monotonic()
        for number in range(events):
            if stop is not None and stop.is_set():
                break
            if rate:
                time.sleep(max(0.0, began + number / rate - time.monotonic()))
            self._produce(number)
        assert self._producer.flush(TIMEOUT) == 0

    def _produce(self, number: int) -> None:
        start = number * 7 % (self._padding * 255)
        padding, key = self._chance[start : start + self._padding], f"key-{number % KEYS}"
        while True:
            value = AT.pack(time.time()) + padding
            try:
                self._producer.produce(self._topic, value, key, headers=self._headers, on_delivery=self._confirmed)
            except BufferError:
                self._producer.poll(0.05)
            else:
                break
        self._producer.poll(0)

    def _confirmed(self, error: KafkaError | None, _: Message) -> None:
        assert error is None, error
        self.stored += 1
