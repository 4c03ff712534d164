"""The load: 1,200 bytes of JSON, nine headers, 997 keys; as a backlog, or so many a second."""

from __future__ import annotations

import random
import time
from itertools import count, islice
from typing import TYPE_CHECKING

import orjson
from confluent_kafka import Producer

from bench.push import push
from bench.transport.seen import STAMP, stamp
from clients.kafka import options
from schemas.errors import ReflexarcError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from schemas.config import KafkaConfig

KEYS = 997
VALUE_BYTES = 1200
SUBJECTS = (b"VmPoweredOnEvent",)
RATE = 1000.0
WITHIN = 60.0
START_WITHIN = 30.0

Headers = list[tuple[str, str | bytes | None]]


def records(subjects: Sequence[bytes] = SUBJECTS) -> Iterator[tuple[bytes, bytes, Headers]]:
    """Key, value and headers without end; the subjects take turns."""
    chance = random.Random(997)  # noqa: S311 - the same load every time
    values = [_value(chance) for _ in range(KEYS)]
    for number in count():
        which = number % KEYS
        yield b"vm-%d" % which, values[which], _headers(number, subjects[number % len(subjects)])


def fill(config: KafkaConfig, topic: str, number: int, *, subjects: Sequence[bytes] = SUBJECTS) -> None:
    """Store so many records; returns when the broker has them all.

    They are not compressed: stock Faust can read none of what it takes no further library to read but gzip.
    """
    producer = Producer({**options.producer(config, client_id="load"), "compression.type": "none"})
    _push(producer, topic, number, subjects)


def fill_at_once(config: KafkaConfig, topic: str, number: int, *, subjects: Sequence[bytes] = SUBJECTS) -> None:
    """Store so many records in one transaction: whoever waits for them sees none before all are there."""
    properties = options.producer(config, client_id="load", transactional_id=f"{topic}.load")
    timeouts = dict.fromkeys(("transaction.timeout.ms", "delivery.timeout.ms"), int(1000 * WITHIN))
    producer = Producer({**properties, "compression.type": "none", **timeouts})
    producer.init_transactions(WITHIN)
    producer.begin_transaction()
    _push(producer, topic, number, subjects)
    producer.commit_transaction(WITHIN)


class Trickle:
    """Stamped records at 1,000 a second, while one of its methods runs.

    Args:
        config: the broker.
        topic: where to.
    """

    def __init__(self, config: KafkaConfig, topic: str) -> None:
        properties = {**options.producer(config, client_id="trickle"), "compression.type": "none", "linger.ms": 1}
        self._producer = Producer(properties)
        self._topic = topic
        self._records = records()

    def until(self, condition: Callable[[], bool]) -> None:
        """Publish until the condition holds.

        Raises:
            ReflexarcError: it does not within half a minute.
        """
        self._run(START_WITHIN, condition)
        if not condition():
            raise ReflexarcError(f"nothing was seen of {self._topic} in {START_WITHIN:.0f} s")

    def run(self, seconds: float) -> None:
        """Publish for so long."""
        self._run(seconds, lambda: False)

    def close(self) -> None:
        """Wait for what is under way."""
        _flush(self._producer)

    def _run(self, seconds: float, enough: Callable[[], bool]) -> None:
        began = time.monotonic()
        for number in count():
            due = began + number / RATE
            if due > began + seconds or enough():
                return
            time.sleep(max(0.0, due - time.monotonic()))
            key, value, headers = next(self._records)
            marked = [(name, stamp() if name == STAMP else content) for name, content in headers]
            push(self._producer, self._topic, value, key, marked)


def _value(chance: random.Random) -> bytes:
    fields = {f"field{number}": f"{chance.getrandbits(64):x}" for number in range(30)}
    short = orjson.dumps({**fields, "note": ""})
    return orjson.dumps({**fields, "note": "x" * (VALUE_BYTES - len(short))})


def _headers(number: int, subject: bytes) -> Headers:
    return [
        ("ce_specversion", b"1.0"),
        ("ce_id", b"0-%d" % number),
        ("ce_source", b"https://vcenter.example/sdk"),
        ("ce_type", b"com.vmware.event.router/event"),
        ("ce_subject", subject),
        (STAMP, b"2026-11-28T12:00:00.000000Z"),
        ("ce_vcenter", b"vc1"),
        ("ce_partitionkey", b"vm-%d" % (number % KEYS)),
        ("content-type", b"application/json"),
    ]


def _push(producer: Producer, topic: str, number: int, subjects: Sequence[bytes]) -> None:
    for key, value, headers in islice(records(subjects), number):
        push(producer, topic, value, key, headers)
    _flush(producer)


def _flush(producer: Producer) -> None:
    left = producer.flush(WITHIN)
    assert left == 0, f"the broker did not take {left} records within {WITHIN:.0f} s"
