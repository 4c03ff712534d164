"""The oldest of many letters, as little of each as is shown."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ops.deadletters.letter import Letter


Shown = TypeVar("Shown")


def oldest(letters: Iterable[Letter], limit: int, shape: Callable[[Letter], Shown]) -> tuple[int, list[Shown]]:
    """How many letters there are, and what ``shape`` makes of those that were given up first, these first.

    The letters themselves are not kept. Of letters of one moment the first come first. Memory: ``limit`` of what is
    shown, and one letter.

    Args:
        letters: looked at once.
        limit: so many, at most; 1 or more.
        shape: called for a letter that is among the oldest so far.
    """
    kept: list[tuple[float, int, Shown]] = []
    count = 0
    for count, letter in enumerate(letters, 1):
        # Numbers turned round: the root of the heap is the youngest of them, the next to go.
        rank = (-letter.failed_at.timestamp(), -count)
        if len(kept) < limit:
            heapq.heappush(kept, (*rank, shape(letter)))
        elif rank > kept[0][:2]:
            heapq.heapreplace(kept, (*rank, shape(letter)))
    return count, [shown for *_, shown in sorted(kept, key=lambda each: each[:2], reverse=True)]
