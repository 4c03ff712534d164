"""A vCenter's clock beside ours: what its timestamps mean here."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Final

from ingest.metrics import CLOCK_OFFSET
from ingest.vcenter.instant import EPOCH, LAST

PAUSE: Final = 60.0
"""Seconds until the clock is to be read again: clocks drift, and are set."""


class Clock:
    """The clock of one vCenter.

    Args:
        vcenter: configured name.
    """

    def __init__(self, vcenter: str) -> None:
        self._vcenter = vcenter
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
            CLOCK_OFFSET.labels(self._vcenter).set(self._ahead.total_seconds())
        return now

    def ours(self, theirs: datetime) -> datetime:
        """What our clock showed at a moment of theirs."""
        try:
            return theirs - self._ahead
        except OverflowError:  # an event without a readable time
            return theirs
