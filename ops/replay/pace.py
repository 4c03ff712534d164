"""How fast events may be written."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from ops.replay.reader import MOST

if TYPE_CHECKING:
    from collections.abc import Callable


class Pace:
    """At most ``rate`` events a second over any length of time, and never more than a second's worth at once.

    Args:
        rate: events a second; None: as fast as it goes.
        clock: seconds that never go back.
    """

    def __init__(self, rate: float | None, *, clock: Callable[[], float] = monotonic) -> None:
        self._rate = rate
        self._clock = clock
        self._free = clock()

    @property
    def most(self) -> int:
        """How many events to take at once."""
        return MOST if self._rate is None else max(1, min(MOST, int(self._rate)))

    def after(self, count: int) -> float:
        """Seconds to wait now that so many were written."""
        if self._rate is None:
            return 0.0
        now = self._clock()
        self._free = max(self._free, now) + count / self._rate
        return self._free - now
