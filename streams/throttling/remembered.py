"""The marks of one partition's groups, oldest first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from streams.throttling.mark import Mark
    from streams.throttling.seen import Seen

MOST: Final = 50_000
"""Groups of a partition; beyond it the oldest is forgotten, and may pass once more."""

SLACK: Final = 60_000
"""Milliseconds that a mark is kept beyond its use, until it is sure that the offsets before it are committed."""


class Remembered:
    """By group; not thread-safe. Look-ups and changes O(1).

    Args:
        marks: what a former owner of the partition has stored.
    """

    def __init__(self, marks: Iterable[tuple[bytes, Mark]] = ()) -> None:
        self._marks = dict(sorted(marks, key=lambda item: item[1]))

    def __len__(self) -> int:
        return len(self._marks)

    def get(self, group: bytes) -> Mark | None:
        """What is remembered of the group."""
        return self._marks.get(group)

    def settles(self, seen: Seen) -> bool:
        """Whether the event comes again, and everything was done for it the first time."""
        mark = self._marks.get(seen.group)
        return mark is not None and mark.settles(seen)

    def set(self, group: bytes, mark: Mark) -> tuple[bytes, Mark]:
        """Remember; both again, for whoever stores them."""
        self._marks.pop(group, None)
        self._marks[group] = mark
        return group, mark

    def forget(self, *, clock: int, window: int, first: int | None) -> Iterator[bytes]:
        """Groups that need not be remembered any more, and now are not.

        Args:
            clock: how far the time of the partition has come, milliseconds of the epoch.
            window: of the throttle, milliseconds.
            first: offset of the first record that is not done; None when all are.
        """
        while self._marks:
            group, mark = next(iter(self._marks.items()))
            idle = mark.time + window + SLACK <= clock and (first is None or mark.offset < first)
            if not idle and len(self._marks) <= MOST:
                return
            del self._marks[group]
            yield group
