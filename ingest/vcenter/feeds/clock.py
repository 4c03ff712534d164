"""A vCenter's clock beside ours: what its timestamps mean here."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import TYPE_CHECKING, Final

from ingest.vcenter.instant import EPOCH, LAST

if TYPE_CHECKING:
    from collections.abc import Callable

PAUSE: Final = 60.0
"""Seconds until the clock is to be read again: clocks drift, and are set."""


class Clock:
    """The clock of one vCenter.

    Args:
        tell: is told how far it is ahead of ours, in seconds.
    """

    def __init__(self, tell: Callable[[float], None]) -> None:
        self._tell = tell
        self._ahead = timedelta()
        self._next = 0.0

    def is_due(self) -> bool:
        """Whether to ask it for the time again."""
        return monotonic() >= self._next

    def heard(self, now: datetime) -> datetime:
        """The same time; how far it is from ours is known from now on. Without effect where there is no clock."""
        self._next = monotonic() + PAUSE
        if EPOCH < now < LAST:
            self._ahead = now - datetime.now(UTC)
            self._tell(self._ahead.total_seconds())
        return now

    def ours(self, theirs: datetime) -> datetime:
        """What our clock showed at a moment of theirs."""
        try:
            return theirs - self._ahead
        except OverflowError:  # an event without a readable time
            return theirs
