"""When an account may be asked for once more, so that wrong passwords never lock it.

A vCenter's single sign-on locks an account after five wrong passwords within 180 s, counted over all vCenters of its
domain; a right one clears the count. So a password that two answers called wrong is not sent again, and one account
never gathers five wrong answers, however many passwords are configured for it.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from typing import Final, NamedTuple

TRIES: Final = 2
"""Wrong answers after which a password rests until its file is written again."""

APART: Final = 30.0
"""Seconds between two tries of a refused password at one vCenter."""

WINDOW: Final = 180.0
AT_MOST: Final = 4
"""Wrong answers of one account within ``WINDOW`` seconds: one less than lock it."""

SILENCE: Final = 5.0
"""Seconds without an answer after which a log-in no longer holds up those of other vCenters."""


class Version(NamedTuple):
    """A password, without telling it.

    Attributes:
        digest: of its text.
        place: where it is kept.
        written: when that was last written.
    """

    digest: bytes
    place: str
    written: int


class Attempts:
    """The log-ins of one account. Instants are seconds of one monotonic clock. Not for several threads."""

    def __init__(self) -> None:
        self._tallies: dict[bytes, _Tally] = {}
        self._open: dict[object, float] = {}
        self._refused: list[float] = []

    def wait(self, now: float, vcenter: str, password: Version) -> float:
        """Seconds until this vCenter may be asked; 0 is now, infinity not before the password is written again."""
        tally = self._tally(password)
        if tally.rests(vcenter):
            return math.inf
        self._refused = [instant for instant in self._refused if now - instant < WINDOW]
        waits = [0.0, tally.refused_at.get(vcenter, -math.inf) + APART - now]
        if self._open:
            waits.append(max(self._open.values()) + SILENCE - now)
        if len(self._refused) + len(self._open) >= AT_MOST:
            waits.append(SILENCE if self._open else self._refused[0] + WINDOW - now)
        return max(waits)

    def begin(self, now: float) -> object:
        """A vCenter is being asked; what names this try to ``end``."""
        this = object()
        self._open[this] = now
        return this

    def end(self, this: object) -> None:
        """It has answered, or will not."""
        self._open.pop(this, None)

    def accepted(self, vcenter: str, password: Version) -> None:
        """It let us in, and forgets what was wrong before."""
        self._tally(password).clear(vcenter)
        self._refused.clear()

    def refused(self, now: float, vcenter: str, password: Version) -> None:
        """It called the password wrong."""
        self._tally(password).add(now, vcenter)
        self._refused.append(now)

    def _tally(self, password: Version) -> _Tally:
        tally = self._tallies.get(password.digest)
        if tally is None or tally.written.setdefault(password.place, password.written) != password.written:
            tally = self._tallies[password.digest] = _Tally({password.place: password.written})
        return tally


@dataclass(slots=True)
class _Tally:
    """Wrong answers to one password.

    A vCenter that lets it in shows that the password is right there, though it may be wrong at a vCenter of another
    domain by the same name: then only that one rests.
    """

    written: dict[str, int]
    by: Counter[str] = field(default_factory=Counter)
    in_a_row: int = 0
    refused_at: dict[str, float] = field(default_factory=dict)

    def rests(self, vcenter: str) -> bool:
        return max(self.in_a_row, self.by[vcenter]) >= TRIES

    def add(self, now: float, vcenter: str) -> None:
        self.by[vcenter] += 1
        self.in_a_row += 1
        self.refused_at[vcenter] = now

    def clear(self, vcenter: str) -> None:
        self.in_a_row = 0
        self.by.pop(vcenter, None)
        self.refused_at.pop(vcenter, None)
