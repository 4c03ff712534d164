"""Which offsets of one partition were delivered, which are done, and what may therefore be committed.

Offsets are never computed with: transactions and compaction leave gaps, so "contiguous" means that no delivered
record before it is unfinished (design.md §6).
"""

from __future__ import annotations

from collections import deque


class Ledger:
    """Book-keeping of one partition between assignment and revocation; not thread-safe, O(1) per record."""

    def __init__(self) -> None:
        self._delivered: deque[tuple[int, int]] = deque()
        self._done: set[int] = set()
        self._bytes = 0

    def deliver(self, offset: int, size: int) -> None:
        """Note a record handed out; offsets must rise."""
        self._delivered.append((offset, size))
        self._bytes += size

    def done(self, offset: int) -> None:
        """Note a record as finished, in any order; an offset that was not delivered changes nothing."""
        if self._delivered and offset >= self._delivered[0][0]:
            self._done.add(offset)

    def committable(self) -> int | None:
        """Take the finished prefix off the books; the offset to commit, or None when nothing new is finished."""
        position = None
        while self._delivered and self._delivered[0][0] in self._done:
            offset, size = self._delivered.popleft()
            self._done.discard(offset)
            self._bytes -= size
            position = offset + 1
        return position

    @property
    def span(self) -> int:
        """Records from the first unfinished one to the last delivered one."""
        return len(self._delivered)

    @property
    def bytes(self) -> int:
        """Bytes of the records in the span."""
        return self._bytes
