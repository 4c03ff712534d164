"""From the first event of a group on, events are gathered for some time; then one passes, the last."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from streams.throttling.mark import Mark
from streams.throttling.step import Step

if TYPE_CHECKING:
    from streams.throttling.remembered import Remembered
    from streams.throttling.seen import Seen


@dataclass(slots=True)
class Gathering:
    """What has come of one group.

    Attributes:
        since: time of the first, milliseconds of the epoch.
        last: the last; only of it the whole record is kept.
        offsets: of all, rising.
    """

    since: int
    last: Seen
    offsets: list[int] = field(default_factory=list)


class OnceAfter:
    """Holds every event back until the last one of its gathering has passed.

    Args:
        window: milliseconds that are gathered.
        marks: of the last passages.
    """

    def __init__(self, window: int, marks: Remembered) -> None:
        self._window = window
        self._marks = marks
        self._gatherings: dict[bytes, Gathering] = {}

    def take(self, seen: Seen) -> list[Step]:
        """End the gatherings that are over by now; add the event to that of its group, or begin one."""
        steps = self.advance(seen.time)
        if self._marks.settles(seen):
            return [*steps, Step((seen.offset,))]
        gathering = self._gatherings.setdefault(seen.group, Gathering(seen.time, seen))
        gathering.last = seen
        gathering.offsets.append(seen.offset)
        return [*steps, Step(held=1)]

    def advance(self, time: int) -> list[Step]:
        """End the gatherings that are over, in the order in which they began."""
        steps = []
        while self._gatherings:
            group, gathering = next(iter(self._gatherings.items()))
            if gathering.since + self._window > time:
                break
            steps.append(self._end(group, gathering))
        return steps

    def relieve(self) -> Step | None:
        """End the oldest gathering: its last event so far passes."""
        oldest = next(iter(self._gatherings.items()), None)
        return None if oldest is None else self._end(*oldest)

    @property
    def due(self) -> int | None:
        """The end of the oldest gathering."""
        oldest = next(iter(self._gatherings.values()), None)
        return None if oldest is None else oldest.since + self._window

    def _end(self, group: bytes, gathering: Gathering) -> Step:
        del self._gatherings[group]
        last = gathering.last
        mark = self._marks.set(group, Mark(last.time, last.offset))
        return Step(tuple(gathering.offsets), passes=last, stands_for=len(gathering.offsets), mark=mark)
