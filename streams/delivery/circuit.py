"""Whether a failure is the event's or the sink's; without I/O and without waiting.

The sink is to blame when it cannot be reached, and when everything that is tried fails: then the circuit opens, and
nothing that fails while it is open counts against an event. An event is to blame when another one, tried after its
first failure, has passed.
"""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from schemas.errors import DeliveryError

FAILURES: Final = 10
"""Attempts that must fail in a row, none of them proven to be the event's fault, ..."""

EVENTS: Final = 5
"""... and of so many events, before the sink is to blame."""

RECENT: Final = 10.0
"""Seconds for which an event that passed speaks for the sink."""

OF_OUR_STANDING: Final = frozenset({"401", "403", "407"})
"""Answers by which a server, or a proxy before it, says that we may not: what has passed before says nothing of now."""

OF_THE_SERVER: Final = frozenset({"429", "502", "503", "504"}) | OF_OUR_STANDING
"""Answers by which a server speaks of its own state, or of ours: it would give them to any event."""


class Trial:
    """What one event has gone through so far; the rest is for the circuit alone.

    Attributes:
        attempts: that count against it.
        alone: whether it must be tried by itself: a batch that it was in has failed, and nobody said because of whom.
    """

    __slots__ = ("alone", "attempts", "era", "first")

    def __init__(self) -> None:
        self.alone = False
        self.attempts = 0
        self.era = 0
        self.first: float | None = None


class Circuit:
    """The state of one sink; O(1) per attempt.

    Args:
        clock: seconds that only rise.

    Attributes:
        open: whether the sink is taken to be away.
        outages: attempts that failed while it was open, the one that opened it included.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._era = 0
        self._opened = 0.0
        self._passed = -RECENT - 1
        self._failures = 0
        self._suspects: set[Trial] = set()
        self.open = False
        self.outages = 0

    def passed(self, began: float) -> bool:
        """Note that the sink has answered an attempt that began then; whether that closes the circuit."""
        self._passed = max(self._passed, began)
        self._failures = 0
        self._suspects.clear()
        if not self.open or began < self._opened:
            return False
        self.open = False
        self.outages = 0
        self._era += 1
        return True

    def away(self, began: float) -> bool:
        """Note that the sink could not be reached by an attempt that began then; whether that opens the circuit."""
        if self.open:
            self.outages += began >= self._opened
            return False
        self._open()
        return True

    def failed(self, trial: Trial, began: float, failure: DeliveryError, *, retry: int) -> bool:
        """Note a failed attempt; whether the sink is to blame for it.

        Args:
            trial: of the event.
            began: when the attempt did.
            failure: what came of it.
            retry: attempts that the event has after its first one.
        """
        if trial.era != self._era:  # what it went through in an outage is not held against it
            trial.era, trial.first, trial.attempts = self._era, None, 0
        last = trial.attempts >= retry
        if trial.first is None:
            trial.first = self._clock()
        if self._passed > trial.first:
            return False
        if self.open:
            self.outages += began >= self._opened
            return True
        self._failures += 1
        self._suspects.add(trial)
        everything = len(self._suspects) >= EVENTS and self._failures >= FAILURES
        long_ago = failure.status in OF_OUR_STANDING or self._passed < trial.first - RECENT
        if everything or (last and failure.status in OF_THE_SERVER and long_ago):
            self._open()
        return self.open

    def _open(self) -> None:
        self.open = True
        self.outages = 1
        self._opened = self._clock()
