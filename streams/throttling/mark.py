"""What is remembered of a group: the last event that was settled for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Self

if TYPE_CHECKING:
    from streams.throttling.seen import Seen


class Mark(NamedTuple):
    """How far the events of a group are settled; stored after what stands for them.

    Attributes:
        time: of the last event that is settled, in milliseconds of the epoch.
        offset: of the same.
        times: of events that are settled and still count towards the next passage, rising.
    """

    time: int
    offset: int
    times: tuple[int, ...] = ()

    @classmethod
    def of(cls, stored: Any) -> Self:
        """What ``plain`` has made."""
        time, offset, *times = stored
        return cls(time, offset, tuple(times))

    def plain(self) -> list[int]:
        """As JSON has it."""
        return [self.time, self.offset, *self.times]

    def settles(self, seen: Seen) -> bool:
        """Whether this event comes again. One of another log under the old name has a later time."""
        return seen.offset <= self.offset and seen.time <= self.time
