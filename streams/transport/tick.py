"""A record that only tells the time: whoever decides by a topic alone wakes up by it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from clients.kafka.record import Outgoing

if TYPE_CHECKING:
    from streams.transport import Record

TICK: Final = "reflexarc_tick"


def tick(topic: str, partition: int) -> Outgoing:
    """One for a partition; its time is when the broker gets it."""
    return Outgoing(topic, None, None, ((TICK, b""),), partition)


def is_tick(record: Record) -> bool:
    """Whether the record is no event."""
    return record.value is None and any(name == TICK for name, _ in record.headers)
