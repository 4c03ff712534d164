"""Every so many events of a group within some time, the last of them passes."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from streams.throttling.mark import Mark
from streams.throttling.step import Step

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streams.throttling.remembered import Remembered
    from streams.throttling.seen import Seen


class Accumulate:
    """Holds an event back until enough others have come within the time, or it is too old to count.

    The time slides: any ``count`` events of a group within the window make one pass, and count no more.

    Args:
        window: milliseconds from the first to the last of them, not reached.
        count: how many.
        marks: of the last passages, and of what had to be let go before it was too old.
    """

    def __init__(self, window: int, count: int, marks: Remembered) -> None:
        self._window = window
        self._count = count
        self._marks = marks
        self._held: dict[bytes, deque[Seen]] = {}
        self._order: dict[int, Seen] = {}

    def take(self, seen: Seen) -> list[Step]:
        """Count the event; it passes when it is the last of enough."""
        steps = self.advance(seen.time)
        if self._marks.settles(seen):
            return [*steps, Step((seen.offset,))]
        recent = self._recent(seen.group, seen.time)
        if recent + 1 < self._count:
            kept = seen._replace(record=None)
            self._held.setdefault(seen.group, deque()).append(kept)
            self._order[seen.offset] = kept
            return [*steps, Step(held=1)]
        done = (*self._let_go(seen.group), seen.offset)
        mark = self._marks.set(seen.group, Mark(seen.time, seen.offset))
        return [*steps, Step(done, passes=seen, stands_for=recent + 1, mark=mark)]

    def advance(self, time: int) -> list[Step]:
        """Let go of what is too old to count."""
        steps = []
        while self._order:
            oldest = next(iter(self._order.values()))
            if oldest.time + self._window > time:
                break
            del self._order[oldest.offset]
            held = self._held[oldest.group]
            held.popleft()
            if not held:
                del self._held[oldest.group]
            steps.append(Step((oldest.offset,), dropped=1))
        return steps

    def relieve(self) -> Step | None:
        """Remember the times of the oldest one's group instead of its events: they count all the same."""
        oldest = next(iter(self._order.values()), None)
        if oldest is None:
            return None
        held = self._held[oldest.group]
        last, known = held[-1], self._marks.get(oldest.group)
        times = sorted((*self._young(known.times if known else (), last.time), *(each.time for each in held)))
        mark = self._marks.set(oldest.group, Mark(last.time, last.offset, tuple(times)))
        return Step(tuple(self._let_go(oldest.group)), mark=mark)

    @property
    def due(self) -> int | None:
        """When the oldest event is too old."""
        oldest = next(iter(self._order.values()), None)
        return None if oldest is None else oldest.time + self._window

    def _recent(self, group: bytes, time: int) -> int:
        known = self._marks.get(group)
        before = self._young(known.times if known else (), time)
        return len(before) + len(self._young((each.time for each in self._held.get(group, ())), time))

    def _young(self, times: Iterable[int], time: int) -> list[int]:
        return [each for each in times if each > time - self._window]

    def _let_go(self, group: bytes) -> list[int]:
        offsets = [each.offset for each in self._held.pop(group, ())]
        for offset in offsets:
            del self._order[offset]
        return offsets
