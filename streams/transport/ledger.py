"""Which offsets of one partition were delivered, which are done, and what may therefore be committed.

Offsets are never computed with: transactions and compaction leave gaps, so "contiguous" means that no delivered
record before it is unfinished (design.md §6).
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable


class Run(NamedTuple):
    """Finished offsets, both ends included; every record of the log between them is finished, too."""

    first: int
    last: int


class Delivered(NamedTuple):
    """A record that was handed out: offset, bytes, and when Kafka got it, in milliseconds of the epoch."""

    offset: int
    size: int
    timestamp: int


class Ledger:
    """Book-keeping of one partition between assignment and revocation; not thread-safe, O(1) per record.

    Args:
        finished: what a former owner had finished beyond the committed offset, rising and apart.
    """

    def __init__(self, finished: Iterable[Run] = ()) -> None:
        self._delivered: deque[Delivered] = deque()
        self._done: set[int] = set()
        self._bytes = 0
        self._before = deque(finished)

    def deliver(self, offset: int, size: int, timestamp: int = 0) -> bool:
        """Note the next record of the log; whether it must be handed out. Offsets must rise.

        Not to be handed out is what a former owner has finished: it counts as done.
        """
        before = self._before
        while before and before[0].last < offset:
            before.popleft()
        self._delivered.append(Delivered(offset, size, timestamp))
        self._bytes += size
        if before and before[0].first <= offset:
            self._done.add(offset)
            return False
        return True

    def done(self, offset: int) -> None:
        """Note a record as finished, in any order; an offset that was not delivered changes nothing."""
        if self._delivered and offset >= self._delivered[0].offset:
            self._done.add(offset)

    def committable(self) -> int | None:
        """Take the finished prefix off the books; the offset to commit, or None when nothing new is finished."""
        position = None
        delivered, done = self._delivered, self._done
        while delivered and delivered[0].offset in done:
            offset, size, _ = delivered.popleft()
            done.discard(offset)
            self._bytes -= size
            position = offset + 1
        return position

    def finished(self) -> list[Run]:
        """What is done beyond the first unfinished record, rising; O(span)."""
        runs: list[Run] = []
        first = last = None
        for offset, _, _ in self._delivered:
            if offset in self._done:
                first, last = offset if first is None else first, offset
            elif first is not None and last is not None:
                runs.append(Run(first, last))
                first = None
        if first is not None and last is not None:
            runs.append(Run(first, last))
        # A former owner's run may have been reached in part only: its rest begins behind what was delivered.
        end = self._delivered[-1].offset if self._delivered else -1
        return runs + [Run(max(run.first, end + 1), run.last) for run in self._before if run.last > end]

    @property
    def head(self) -> Delivered | None:
        """The first unfinished record, once ``committable`` has taken what is before it; from any thread."""
        try:
            return self._delivered[0]
        except IndexError:
            return None

    @property
    def span(self) -> int:
        """Records from the first unfinished one to the last delivered one."""
        return len(self._delivered)

    @property
    def bytes(self) -> int:
        """Bytes of the records in the span."""
        return self._bytes
