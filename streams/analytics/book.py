"""The counts of one partition that go on: pure, so that what a kill may do to it can be tried out.

A window is closed when its vCenter has told of a time beyond its end and the lateness; or when nothing has been added
for as long as both. An event that comes later still begins a tally anew, beside the one that was closed: tallies of one
subject add up. So when a window is closed is a matter of economy, never of the sum.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from streams.analytics.occurrence import occurrence
from streams.analytics.tally import Mark, begun

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from streams.analytics.occurrence import Subject
    from streams.analytics.tally import Tally
    from streams.transport import Record

MOST: Final = 50_000
"""Tallies of a partition; beyond it windows are closed early, the oldest first."""

MOST_CLOCKS: Final = 10_000

Counted = tuple["Subject", "Tally"]
_Place = tuple[str | None, int]  # a vCenter, and where a window begins


class Step(NamedTuple):
    """What records, or the time, bring about; to be stored in this order, each part before the next.

    Attributes:
        changed: tallies as they are now.
        mark: every record up to it is in a tally; None when there was none to count.
        closed: tallies that are ready; they are told, then forgotten.
    """

    changed: Sequence[Counted] = ()
    mark: Mark | None = None
    closed: Sequence[Counted] = ()


class _Window:
    """Tallies of one vCenter and window, and when the last event came."""

    __slots__ = ("tallies", "touched")

    def __init__(self) -> None:
        self.tallies: dict[Subject, Tally] = {}
        self.touched = 0.0


class Book:
    """The open tallies; not thread-safe. A record costs two look-ups, a chunk one look at each open window.

    Args:
        window: length, milliseconds.
        late: lateness, milliseconds.
        mark: up to where former owners have counted.
        tallies: what they have left open.
        now: ``time.monotonic()``.
    """

    def __init__(
        self, window: int, late: int, *, mark: Mark | None = None, tallies: Iterable[Counted] = (), now: float
    ) -> None:
        self._window = window
        self._late = late
        self._mark = mark or Mark(-1, 0)
        self._windows: dict[_Place, _Window] = {}
        self._clocks: dict[str | None, int] = {}
        self._size = 0
        self._stored = -1  # A kill between a tally and the mark: up to here records come again, into these tallies.
        for subject, tally in tallies:
            self._set(subject, tally, now)
            self._stored = max(self._stored, tally.mark.offset)

    def __len__(self) -> int:
        return self._size

    def take(self, records: Iterable[Record], now: float) -> Step:
        """Count records of the partition, in order; those that come again are passed over."""
        changed: dict[Subject, Tally] = {}
        before = self._mark
        for record in records:
            if not self._mark.covers(record):
                if record.offset <= self._mark.offset:
                    self._stored = -1  # another log
                self._mark = self._mark.to(record)
                self._count(record, changed, now)
        if self._mark is before:
            return Step()
        return Step(tuple(changed.items()), self._mark, tuple(self._over()))

    def idle(self, now: float) -> Step:
        """What nothing has been added to for long."""
        if not self._current:
            return Step()
        end = now - (self._window + self._late) / 1000
        return Step(closed=tuple(self._close([at for at, each in self._windows.items() if each.touched <= end])))

    def _count(self, record: Record, changed: dict[Subject, Tally], now: float) -> None:
        found = occurrence(record, self._window)
        if found is None:
            return
        subject = found.subject
        window = self._windows.get((subject.vcenter, subject.start))
        tally = None if window is None else window.tallies.get(subject)
        if tally is None or not tally.mark.covers(record):
            tally = begun(record) if tally is None else tally.one_more(record)
            changed[subject] = tally
            self._set(subject, tally, now)
        self._hear(subject.vcenter, min(found.time, record.timestamp))

    def _set(self, subject: Subject, tally: Tally, now: float) -> None:
        window = self._windows.setdefault((subject.vcenter, subject.start), _Window())
        self._size += subject not in window.tallies
        window.tallies[subject] = tally
        window.touched = now

    def _hear(self, vcenter: str | None, time: int) -> None:
        """Note how far a vCenter's time has come; that it runs ahead of ours is not believed."""
        if vcenter not in self._clocks and len(self._clocks) >= MOST_CLOCKS:
            self._clocks.clear()  # only who is silent from now on waits longer for it
        self._clocks[vcenter] = max(time, self._clocks.get(vcenter, time))

    @property
    def _current(self) -> bool:
        """Whether the mark covers every tally: one that is ahead of it, once closed, would be counted again."""
        return self._mark.offset >= self._stored

    def _over(self) -> Iterable[Counted]:
        if not self._current:
            return
        beyond = self._window + self._late
        over = [
            (vcenter, start)
            for vcenter, start in self._windows
            if vcenter in self._clocks and start + beyond <= self._clocks[vcenter]
        ]
        yield from self._close(over)
        while self._size > MOST:
            yield from self._close([min(self._windows, key=lambda place: place[1])])

    def _close(self, places: Iterable[_Place]) -> Iterable[Counted]:
        for place in places:
            window = self._windows.pop(place)
            self._size -= len(window.tallies)
            yield from window.tallies.items()
