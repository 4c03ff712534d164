"""What was written under a partition's events and is not stored yet: reports wait behind it."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from streams.transport.ledger import Ledger

if TYPE_CHECKING:
    from collections.abc import Iterable


class Debts:
    """Lets a report pass once every write that was owed before it is stored; used on the event loop only.

    Args:
        reports: where offsets go that may be committed.
    """

    def __init__(self, reports: deque[int]) -> None:
        self._reports = reports
        self._writes = Ledger()
        self._last = 0
        self._stored = 0
        self._waiting: deque[tuple[int, tuple[int, ...]]] = deque()
        self._forfeited = False

    @property
    def open(self) -> bool:
        """Whether anything is owed that may still be paid."""
        return self._stored < self._last and not self._forfeited

    def forfeit(self) -> None:
        """Note that something that is owed will never be stored: no report passes any more."""
        self._forfeited = True

    def owe(self) -> int:
        """Note a write; its number, to be paid with."""
        self._last += 1
        self._writes.deliver(self._last, 0)
        return self._last

    def pay(self, number: int) -> None:
        """Note a write as stored, in any order; reports that waited for it pass in the order they came."""
        self._writes.done(number)
        paid = self._writes.committable()
        if paid is None or self._forfeited:
            return
        while self._waiting and self._waiting[0][0] < paid:
            self._reports.extend(self._waiting.popleft()[1])
        self._stored = paid - 1

    def report(self, offsets: Iterable[int]) -> None:
        """Pass offsets on, now or once what is owed is stored."""
        if self._forfeited:
            return
        if self._stored < self._last:
            self._waiting.append((self._last, tuple(offsets)))
        else:
            self._reports.extend(offsets)
