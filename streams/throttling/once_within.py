"""The first event of a group passes, others within some time of it do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams.throttling.mark import Mark
from streams.throttling.step import Step

if TYPE_CHECKING:
    from streams.throttling.remembered import Remembered
    from streams.throttling.seen import Seen


class OnceWithin:
    """Holds nothing back: what does not pass is done at once.

    Args:
        window: milliseconds in which no other event of the group passes.
        marks: of the last passages.
    """

    def __init__(self, window: int, marks: Remembered) -> None:
        self._window = window
        self._marks = marks

    def take(self, seen: Seen) -> list[Step]:
        """Pass the event, unless another of its group has passed lately."""
        last = self._marks.get(seen.group)
        if last is not None:
            if last.settles(seen):
                return [Step((seen.offset,))]
            if seen.time < last.time + self._window:
                return [Step((seen.offset,), dropped=1)]
        mark = self._marks.set(seen.group, Mark(seen.time, seen.offset))
        return [Step((seen.offset,), passes=seen, stands_for=1, mark=mark)]

    def advance(self, time: int) -> list[Step]:  # noqa: ARG002 - the contract of a throttle
        """Nothing."""
        return []

    def relieve(self) -> Step | None:
        """Nothing."""
        return None

    @property
    def due(self) -> int | None:
        """Never."""
        return None
