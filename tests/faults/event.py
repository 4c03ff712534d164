"""The numbered events of the fault experiments, and how long the delivery of each takes."""

from __future__ import annotations

import random
from typing import Final, NamedTuple

import orjson

KEYS: Final = 97
PADDING: Final = "x" * 170


class Event(NamedTuple):
    """Numbers rise in the order of publishing, so also within a key."""

    seq: int
    key: str

    @classmethod
    def numbered(cls, seq: int, keys: int = KEYS) -> Event:
        """The event with this number; its key, one of so many, follows from it."""
        return cls(seq, f"key-{seq % keys}")

    @classmethod
    def of(cls, value: bytes | None) -> Event:
        """The event that a record's value is."""
        found = orjson.loads(value or b"")
        return cls(found["seq"], found["key"])

    @property
    def value(self) -> bytes:
        """About 200 bytes."""
        return orjson.dumps({"seq": self.seq, "key": self.key, "padding": PADDING})


def duration(event: Event, slow: float) -> float:
    """Seconds that a delivery takes, the same in every worker: 0 to 0.05, for a share ``slow`` of events 1 to 3."""
    chance = random.Random(f"{event.key}/{event.seq}")  # noqa: S311 - the length of a sleep
    return chance.uniform(1.0, 3.0) if chance.random() < slow else chance.uniform(0.0, 0.05)
