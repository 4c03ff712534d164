"""A set of event keys, kept as ranges: keys of one vCenter are dense, so thousands of them are a few pairs."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

Range = tuple[int, int]
"""First and last key, both inside."""


class KeyRanges:
    """A mutable set of integers. Ranges never touch or overlap; they are sorted.

    Args:
        ranges: pairs of first and last key to start from, in any order.
    """

    def __init__(self, ranges: Iterable[Range] = ()) -> None:
        self._first: list[int] = []
        self._last: list[int] = []
        for first, last in ranges:
            self.add(first, last)

    def __contains__(self, key: int) -> bool:
        at = bisect_right(self._first, key) - 1
        return at >= 0 and key <= self._last[at]

    def __len__(self) -> int:
        """How many ranges there are."""
        return len(self._first)

    @property
    def lowest(self) -> int | None:
        """The smallest key; None when there is none."""
        return self._first[0] if self._first else None

    @property
    def ranges(self) -> tuple[Range, ...]:
        """The pairs, ascending."""
        return tuple(zip(self._first, self._last, strict=True))

    def add(self, first: int, last: int) -> None:
        """Insert every key from ``first`` to ``last``, both inside."""
        start, end = self._touching(first - 1, last + 1)
        if start < end:
            first = min(first, self._first[start])
            last = max(last, self._last[end - 1])
        self._replace(start, end, [(first, last)])

    def discard(self, first: int, last: int) -> None:
        """Remove every key from ``first`` to ``last``, both inside."""
        start, end = self._touching(first, last)
        if start == end:
            return
        left = (self._first[start], first - 1)
        right = (last + 1, self._last[end - 1])
        self._replace(start, end, [rest for rest in (left, right) if rest[0] <= rest[1]])

    def _touching(self, first: int, last: int) -> tuple[int, int]:
        """Indexes, end outside, of the ranges that share a key with ``first`` to ``last``."""
        start = bisect_right(self._first, first) - 1
        if start < 0 or self._last[start] < first:
            start += 1
        return start, max(start, bisect_right(self._first, last))

    def _replace(self, start: int, end: int, pairs: list[Range]) -> None:
        self._first[start:end] = [first for first, _ in pairs]
        self._last[start:end] = [last for _, last in pairs]
