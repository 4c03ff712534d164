"""Requests for a running decider, written as a remediation sink does, by the bare library."""

from __future__ import annotations

import time
from typing import Any

from confluent_kafka import Producer

from schemas import topics
from tests.streams.guard.asking import NOW, request


def ask(kafka: str, prefix: str, event: str, **said: Any) -> str:
    """Have the sink ``stop`` ask for ``power-off``, just now; the id of the request."""
    now = time.time()
    made = request(event, caused={"time": now - 1}, **({"sink": "stop", "action": "power-off", "asked": now} | said))
    assert made.cause.time != NOW
    write(kafka, topics.requests(prefix), made.encode(), made.scope.encode())
    return made.id


def write(kafka: str, topic: str, value: bytes, key: bytes) -> None:
    """Store one record, in the partition of its key: that of everything else about its scope."""
    producer = Producer({"bootstrap.servers": kafka, "acks": "all", "partitioner": "murmur2_random"})
    producer.produce(topic, value, key)
    assert 0 == producer.flush(30)
