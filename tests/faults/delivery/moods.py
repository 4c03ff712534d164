"""What a destination does with an event: takes it, fails, or never takes it; each takes a few milliseconds."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING, Any, Final

from ops.demo.journal import Journal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

POISON: Final = 100
FAILING: Final = 0.01
SLOWEST: Final = 0.02


def is_poison(seq: int) -> bool:
    """Whether this event is never taken: one of a hundred."""
    return seq % POISON == POISON // 2


class Moods:
    """Of events as ``tests.faults.event`` numbers them; what is decided is in the file before it is told."""

    def __init__(self, path: Path) -> None:
        self._journal = Journal(path)
        self._chance = random.Random(0)  # noqa: S311 - no secret

    def takes(self, event: Mapping[str, Any]) -> bool:
        """Whether it is taken this time: poison never, of the others one attempt of a hundred fails."""
        taken = not is_poison(event["seq"]) and self._chance.random() >= FAILING
        self._journal.write({"seq": event["seq"], "key": event["key"], "at": time.time(), "taken": taken})
        return taken

    def pause(self) -> float:
        """Seconds until it answers."""
        return self._chance.uniform(0, SLOWEST)
