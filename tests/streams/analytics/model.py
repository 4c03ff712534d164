"""A partition whose owners are killed: what Kafka has of it, and what subscribers add up to."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, Any

from streams.analytics.book import Book
from streams.analytics.share import Share

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from streams.analytics.book import Step
    from streams.analytics.occurrence import Subject
    from streams.analytics.tally import Mark, Tally
    from streams.transport import Record

NOBODY: Any = None


class Partition:
    """Stores steps as the role does: tallies, then the mark, then rows with what they replace.

    Args:
        log: every record that there will be.
        window: milliseconds.
        late: milliseconds.

    Attributes:
        rows: by their key, which names a subject and the first record.
        finished: offsets that are committed.
        now: of the monotonic clock.
    """

    def __init__(self, log: Sequence[Record], *, window: int, late: int) -> None:
        self._log = log
        self._limits = (window, late)
        self._mark: Mark | None = None
        self._tallies: dict[Subject, Tally] = {}
        self.rows: dict[tuple[Subject, int], int] = {}
        self.finished: set[int] = set()
        self.now = 0.0
        self.restart()

    def restart(self) -> None:
        """A new owner, who knows what is stored and begins behind what is committed; one record at least comes then."""
        window, late = self._limits
        self._book = Book(window, late, mark=self._mark, tallies=list(self._tallies.items()), now=self.now)
        self._share = Share(NOBODY, 0, self._book)
        self._next = next((at for at, each in enumerate(self._log) if each.offset not in self.finished), len(self._log))
        assert not self._tallies or self._next < len(self._log), "nobody would hear of what is open"

    @property
    def left(self) -> int:
        """Records that are not read yet."""
        return len(self._log) - self._next

    def read(self, count: int, *, killed_after: int | None = None) -> None:
        """Take the next records; or be killed when so many writes of what they bring about are stored."""
        records = self._log[self._next : self._next + count]
        self._next += len(records)
        self._store(self._book.take(records, self.now), lambda: self._share.finished(records), killed_after)

    def wait(self, seconds: float, *, killed_after: int | None = None) -> None:
        """Let time pass, and look at the clock."""
        self.now += seconds
        step = self._book.idle(self.now)
        self._store(step, lambda: self._share.finished() if step.closed else [], killed_after)

    def counted(self) -> Counter[Subject]:
        """What subscribers add up to."""
        sums: Counter[Subject] = Counter()
        for (subject, _first), events in self.rows.items():
            sums[subject] += events
        return sums

    def _store(self, step: Step, finished: Callable[[], list[int]], killed_after: int | None) -> None:
        writes: list[Callable[[], object]] = [partial(self._tallies.__setitem__, *each) for each in step.changed]
        if step.mark is not None:
            writes.append(partial(setattr, self, "_mark", step.mark))
        for subject, tally in step.closed:
            writes.append(partial(self.rows.__setitem__, (subject, tally.first), tally.events))
            writes.append(partial(self._tallies.pop, subject))
        for write in writes[:killed_after]:
            write()
        if killed_after is None:
            self.finished.update(finished())
        else:
            self.restart()
