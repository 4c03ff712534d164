"""A second member of a group, which comes, takes its share without working on it, and goes again."""

from __future__ import annotations

import time
from typing import Final

from confluent_kafka import Consumer

ASSIGNED_WITHIN: Final = 60.0


class Visitor:
    """The bare library, so that a visit costs little beside what it disturbs.

    Args:
        bootstrap: the broker.
        group: where it joins.
        topic: what it subscribes to.
        strategy: as the other member's.
    """

    def __init__(self, bootstrap: str, group: str, topic: str, strategy: str) -> None:
        self._topic = topic
        self._properties = {
            "bootstrap.servers": bootstrap,
            "group.id": group,
            "partition.assignment.strategy": strategy,
            "heartbeat.interval.ms": 300,
            "enable.auto.commit": False,
            "auto.offset.reset": "earliest",
            "queued.max.messages.kbytes": 1024,
        }

    def visit(self, stay: float) -> int:
        """Join, stay for so many seconds with what was assigned, leave; how many partitions that were."""
        consumer = Consumer(self._properties)
        try:
            consumer.subscribe([self._topic])
            deadline = time.monotonic() + ASSIGNED_WITHIN
            while not (assigned := len(consumer.assignment())):
                assert time.monotonic() < deadline, "the group lets nobody in"
                consumer.poll(0.05)
            until = time.monotonic() + stay
            while time.monotonic() < until:
                consumer.consume(1000, 0.05)
            return assigned
        finally:
            consumer.close()
