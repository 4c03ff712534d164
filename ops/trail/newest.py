"""The newest of many entries, in the order of their arrival, in memory for no more than those."""

from __future__ import annotations

from heapq import heappush, heappushpop
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streams.trail.entry import Entry


def newest(entries: Iterable[Entry], limit: int) -> tuple[int, list[Entry]]:
    """How many there are, and the last ``limit`` of them, the newest last."""
    heap: list[tuple[tuple[int, int, int], int, Entry]] = []
    count = 0
    for count, entry in enumerate(entries, 1):
        item = (_order(entry), count, entry)
        if len(heap) < limit:
            heappush(heap, item)
        else:
            heappushpop(heap, item)
    return count, [entry for _, _, entry in sorted(heap, key=lambda item: item[:2])]


def _order(entry: Entry) -> tuple[int, int, int]:
    return entry.arrived, entry.place.partition, entry.place.offset
