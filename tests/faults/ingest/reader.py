"""A reader of committed records that looks on during an experiment: what it has seen, and when."""

from __future__ import annotations

import threading
import time
from datetime import datetime
from typing import TYPE_CHECKING, Final, NamedTuple, Self

from confluent_kafka import Consumer, TopicPartition

from schemas import topics

if TYPE_CHECKING:
    from collections.abc import Sequence

    from confluent_kafka import Message

TIMEOUT: Final = 30.0
AT_ONCE: Final = 1000


class Identity(NamedTuple):
    """What is the same about an event for its vCenter and for us, whatever its id."""

    vcenter: str
    key: int
    created: datetime


class Seen(NamedTuple):
    """One record of the events topic.

    Attributes:
        id: of the CloudEvent.
        at: when it was seen, in seconds of the epoch.
    """

    identity: Identity
    id: str
    partition: int
    offset: int
    at: float


class Reader:
    """Reads while it is entered, in a thread of its own.

    Args:
        bootstrap: the broker.
        prefix: whose events and dead letters of ingest; the topics exist.

    Attributes:
        seen: vCenter events on the events topic, in order within a partition; what ingest itself tells is not among
            them.
        letters: dead letters.
    """

    def __init__(self, bootstrap: str, prefix: str) -> None:
        self.seen: list[Seen] = []
        self.letters: list[Message] = []
        self._events = topics.events(prefix)
        self._topics = (self._events, topics.dead_letter(prefix, topics.UNDECODABLE))
        self._consumer = Consumer(
            {"bootstrap.servers": bootstrap, "group.id": f"{prefix}.reader", "isolation.level": "read_committed"}
        )
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="reader")

    def __enter__(self) -> Self:
        self._consumer.assign(self._partitions())
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._stop.set()
        self._thread.join()
        self._consumer.close()

    def identities(self) -> set[Identity]:
        """Every event seen so far."""
        return {record.identity for record in tuple(self.seen)}

    def _partitions(self) -> list[TopicPartition]:
        known = self._consumer.list_topics(timeout=TIMEOUT).topics
        return [TopicPartition(topic, number, 0) for topic in self._topics for number in known[topic].partitions]

    def _run(self) -> None:
        while not self._stop.is_set():
            self._take([each for each in self._consumer.consume(AT_ONCE, 0.05) if each.error() is None])

    def _take(self, messages: Sequence[Message]) -> None:
        now = time.time()
        events = [message for message in messages if message.topic() == self._events]
        self.seen += [_seen(message, now) for message in events if not _is_ours(message)]
        self.letters += [message for message in messages if message.topic() != self._events]


def _is_ours(message: Message) -> bool:
    return (dict(message.headers() or ())["ce_type"] or b"").startswith(b"com.reflexarc.")


def _seen(message: Message, at: float) -> Seen:
    headers = {name: (value or b"").decode() for name, value in dict(message.headers() or ()).items()}
    vcenter, key = headers["ce_id"].split("/")[::2]
    identity = Identity(vcenter, int(key), datetime.fromisoformat(headers["ce_time"]))
    return Seen(identity, headers["ce_id"], message.partition(), message.offset(), at)
