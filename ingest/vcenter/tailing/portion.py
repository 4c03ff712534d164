"""How many events are asked for at once, where some of them cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime

DIVISOR: Final = 10


class Portion:
    """Full, until a page cannot be decoded; full again when no seek leads back to that page.

    A seek goes back to ``since``, and meets each unreadable event behind it again: until ``since`` has passed what was
    reached when a page failed, portions stay small. The first event that is passed by is an exception, and nearly
    always the only one: the portion is full right behind it.

    Args:
        full: events.

    Attributes:
        size: events to ask for.
    """

    def __init__(self, full: int) -> None:
        self.size = full
        self._full = full
        self._small_until: datetime | None = None
        self._passed: datetime | None = None

    def shrink(self, reached: datetime) -> None:
        """A page is read again in parts; ``reached`` is the latest moment of the log that is known, or ``since``."""
        self.size = max(1, self.size // DIVISOR)
        self._small_until = reached

    def pass_by(self, reached: datetime, since: datetime) -> None:
        """What could not be read is left behind."""
        if self._passed is None or since > self._passed:
            self.size = self._full
        self._small_until = self._passed = reached

    def moved(self, since: datetime) -> None:
        """Events were read."""
        if self._small_until is not None and since > self._small_until:
            self.size, self._small_until = self._full, None

    def restore(self) -> None:
        """The end of the log was reached."""
        self.size = self._full
