"""When to look whether a silent event log is really silent."""

from __future__ import annotations

from time import monotonic
from typing import Final

FIRST: Final = 5.0
"""Seconds of empty reads until the first look."""

LONGEST: Final = 30.0
"""A look costs a page of events, so a quiet night is looked at ever more rarely, down to this pace."""


class StallWatch:
    """A cursor can stop for ever while events arrive (a ring buffer overran it, or a gap wider than a page)."""

    def __init__(self) -> None:
        self.moved()

    def moved(self) -> None:
        """Events were read."""
        self._pause = FIRST
        self._next = monotonic() + FIRST

    def is_due(self) -> bool:
        """Whether it is time to look; the next time comes later."""
        if monotonic() < self._next:
            return False
        self._pause = min(2 * self._pause, LONGEST)
        self._next = monotonic() + self._pause
        return True
