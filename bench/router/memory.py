"""Memory of a router that works off a long backlog."""

from __future__ import annotations

import time
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from bench.process import resident
from schemas.errors import ReflexarcError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

LOOK = 0.1
STUCK_AFTER = 60.0


@dataclass(frozen=True, slots=True)
class Memory:
    """Of one run; bytes.

    Attributes:
        thirds: the median of each third of the looks.
        most: of all looks.
    """

    events: int
    seconds: float
    thirds: tuple[float, float, float]
    most: int

    @classmethod
    def of(cls, events: int, seconds: float, looks: Sequence[int]) -> Memory:
        """From looks at even intervals, three at least."""
        third = len(looks) // 3
        first, second, last = (median(part) for part in (looks[:third], looks[third:-third], looks[-third:]))
        return cls(events, seconds, (first, second, last), max(looks))

    @property
    def growth(self) -> float:
        """The last third as a multiple of the first."""
        return self.thirds[2] / self.thirds[0]


def watch(count: Callable[[], int], pid: int, *, target: int) -> Memory:
    """Look ten times a second, from the first event seen until ``count`` reaches the target.

    Raises:
        ReflexarcError: it has stood still for a minute.
    """
    number, since, began = 0, time.monotonic(), 0.0
    looks: list[int] = []
    while number < target:
        time.sleep(LOOK)
        now, seen = time.monotonic(), count()
        if seen > number:
            began, number, since = began or now, seen, now
        if now - since > STUCK_AFTER:
            raise ReflexarcError(f"process {pid} has not moved one event in {STUCK_AFTER:.0f} s")
        if number:
            looks.append(resident(pid))
    return Memory.of(number, time.monotonic() - began, looks)
