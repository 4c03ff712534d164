"""Publishes numbered events and keeps a journal of what the broker has committed."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

from confluent_kafka import Producer

from clients.kafka import options
from ops.demo.journal import Journal, entries
from schemas.config import KafkaConfig
from tests.faults.event import KEYS, Event
from tests.faults.tally import Sent

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from threading import Event as Flag

    from confluent_kafka import KafkaError, Message

TRANSACTION: Final = 10
ABORTED: Final = 10
TIMEOUT: Final = 60.0

Headers = list[tuple[str, str | bytes | None]]


class Generator:
    """One producer, one journal; ``run`` belongs into a thread.

    Args:
        bootstrap: the broker.
        topic: where to publish; it exists.
        journal: file of what was committed, and of what was aborted.
        events: how many.
        rate: events per second; None is as fast as it goes.
        keys: how many keys they are spread over.
        transactional: transactions of ten, every tenth of them aborted after a flush.
        headers: of an event; none by default.
    """

    def __init__(
        self,
        bootstrap: str,
        topic: str,
        journal: Path,
        *,
        events: int,
        rate: float | None = None,
        keys: int = KEYS,
        transactional: bool = False,
        headers: Callable[[Event], Headers] = lambda _: [],
    ) -> None:
        given = options.producer(
            KafkaConfig(bootstrap=bootstrap), client_id="generator", transactional_id=topic if transactional else None
        )
        # A broker that is away for a while is no reason to give a record up, nor to change their order. And with more
        # than one request under way, one that a new leader refused counts as stored once the next one is (KAFKA-15591).
        given |= {"max.in.flight.requests.per.connection": 1}
        self._producer = Producer(given | ({} if transactional else {"delivery.timeout.ms": 120_000}))
        self._topic = topic
        self._journal = Journal(journal)
        self._events = events
        self._rate = rate
        self._keys = keys
        self._transactional = transactional
        self._headers = headers
        self._confirmed: list[dict[str, Any]] = []
        self._errors: list[KafkaError] = []

    def run(self, stop: Flag) -> None:
        """Publish; returns when the last event is committed, or soon after ``stop`` is set."""
        began = time.monotonic()
        if self._transactional:
            self._producer.init_transactions(TIMEOUT)
        for first in range(0, self._events, TRANSACTION):
            if stop.is_set():
                break
            numbers = range(first, min(first + TRANSACTION, self._events))
            self._publish([Event.numbered(seq, self._keys) for seq in numbers])
            while self._rate and time.monotonic() < began + first / self._rate and not stop.is_set():
                self._producer.poll(0.005)
                self._write()
        assert self._producer.flush(TIMEOUT) == 0
        self._write()
        assert self._errors == []

    def _publish(self, events: list[Event]) -> None:
        if not self._transactional:
            self._produce(events)
            self._write()
            return
        self._producer.begin_transaction()
        self._produce(events)
        if events[0].seq // TRANSACTION % ABORTED == ABORTED - 1:
            self._producer.flush(TIMEOUT)
            self._producer.abort_transaction(TIMEOUT)
            self._write(aborted=True)
        else:
            self._producer.commit_transaction(TIMEOUT)
            self._write()

    def _produce(self, events: list[Event]) -> None:
        for event in events:
            while True:
                try:
                    self._producer.produce(
                        self._topic, event.value, event.key, headers=self._headers(event), on_delivery=self._delivered
                    )
                except BufferError:
                    self._producer.poll(0.1)
                else:
                    break
        self._producer.poll(0)

    def _delivered(self, error: KafkaError | None, message: Message) -> None:
        if error is not None:
            self._errors.append(error)
            return
        event = Event.of(message.value())
        self._confirmed.append(event._asdict() | {"partition": message.partition(), "offset": message.offset()})

    def _write(self, *, aborted: bool = False) -> None:
        confirmed, self._confirmed = self._confirmed, []
        for entry in confirmed:
            self._journal.write(entry | {"at": time.time(), "aborted": aborted})


def committed(journal: Path) -> dict[int, Sent]:
    """The events that readers of committed records must get."""
    return {
        entry["seq"]: Sent(entry["key"], entry["partition"], entry["offset"], entry["at"])
        for entry in entries(journal)
        if not entry["aborted"]
    }


def aborted(journal: Path) -> set[int]:
    """The numbers of those they must never get."""
    return {entry["seq"] for entry in entries(journal) if entry["aborted"]}
