"""How many so far, and which records are among them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Self

if TYPE_CHECKING:
    from streams.transport import Record


class Mark(NamedTuple):
    """A place in a partition.

    Attributes:
        offset: of the last record that was counted.
        time: latest time of a record until then, milliseconds of the epoch.
    """

    offset: int
    time: int

    def covers(self, record: Record) -> bool:
        """Whether the record comes again. One of another log under the old name has a later time."""
        return record.offset <= self.offset and record.timestamp <= self.time

    def to(self, record: Record) -> Mark:
        """The place behind a record that it does not cover."""
        return Mark(record.offset, max(self.time, record.timestamp))


class Tally(NamedTuple):
    """A count that goes on.

    Attributes:
        events: how many.
        first: offset of the first of them; with the partition it tells this tally from every other.
        mark: the last of them.
    """

    events: int
    first: int
    mark: Mark

    @classmethod
    def of(cls, stored: Any) -> Self:
        """What ``plain`` has made."""
        events, first, offset, time = stored
        return cls(events, first, Mark(offset, time))

    def plain(self) -> list[int]:
        """As JSON has it."""
        return [self.events, self.first, *self.mark]

    def one_more(self, record: Record) -> Tally:
        """With a record that it does not cover."""
        return Tally(self.events + 1, self.first, self.mark.to(record))


def begun(record: Record) -> Tally:
    """A tally of one."""
    return Tally(1, record.offset, Mark(record.offset, record.timestamp))
