"""One partition as the reader holds it: its lease, its ledger, its place in the log."""

from __future__ import annotations

from time import monotonic, time
from typing import TYPE_CHECKING, NamedTuple

from streams.transport import metadata
from streams.transport.lease import Lease
from streams.transport.ledger import Ledger

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Sequence

    from streams.transport.record import Record

# Wide apart, because librdkafka throws away what it has fetched of a partition when that is paused.
FULL_BYTES, RESUME_BYTES = 2 << 20, 1 << 19
FULL_SPAN, RESUME_SPAN = 5_000, 2_500

OVERFULL = 2
"""Times full: paused at once."""

GRACE = 2.0
"""Seconds that a full partition is waited for before it is paused: most are busy, and few are slow."""

STALLED_AFTER = 30.0
"""Seconds without progress after which a partition counts as stalled."""


class Start(NamedTuple):
    """Where reading a partition begins: the offset, and the metadata that was committed with it."""

    offset: int
    metadata: str = ""


class Standing(NamedTuple):
    """What is to be committed: an offset and its metadata."""

    offset: int
    metadata: str


class Held:
    """State between assignment and revocation; touched by the reader thread only, but for the lease.

    Attributes:
        lease: what agents work on.
        next: the offset behind the last delivered record.
        end: the end of the log, as last heard of.
        paused: whether fetching is paused.
        progress: ``time.monotonic()`` when the position last moved, or work began after a rest.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, start: Start) -> None:
        finished, state = metadata.decode(start.offset, start.metadata)
        self.lease = Lease(loop, state)
        self.next = start.offset
        self.paused: bool = False
        self._full_since: float | None = None
        self.progress = monotonic()
        self.end: int = start.offset
        self._ledger = Ledger(finished)
        self._position = start.offset
        self._confirmed = Standing(start.offset, start.metadata)
        self._standing = self._confirmed
        self._committed_state = state
        self._changed = False

    def deliver(self, records: Sequence[Record]) -> tuple[Record, ...]:
        """Note the next records of the log; those to hand out, without what a former owner has finished."""
        deliver = self._ledger.deliver
        if not self._ledger.span:
            self.progress = monotonic()
        fresh = tuple(record for record in records if deliver(record.offset, record.size, record.timestamp))
        if len(fresh) < len(records):
            self._move()
        self.next = records[-1].offset + 1
        return fresh

    def book(self) -> None:
        """Take the agent's reports into the ledger and move the position."""
        reports = self.lease.reports()
        if reports:
            for offset in reports:
                self._ledger.done(offset)
            self._move()
        elif self.lease.restless and self.lease.state != self._committed_state:
            self._move()

    def due(self) -> Standing | None:
        """What the broker does not know yet; O(span) when anything has changed."""
        if self._changed:
            self._changed = False
            self._committed_state = self.lease.state
            written = metadata.encode(self._position, self._ledger.finished(), self._committed_state)
            self._standing = Standing(self._position, written)
        return self._standing if self._standing != self._confirmed else None

    def confirm(self, standing: Standing) -> None:
        """Note that the broker knows."""
        if standing.offset >= self._confirmed.offset:
            self._confirmed = standing

    @property
    def full(self) -> bool:
        """Whether it would better not get more for now."""
        return not self.paused and self._fullness >= 1

    def wants_pause(self) -> bool:
        """Whether fetching must pause now; true once until ``wants_resume`` was."""
        if not self.full:
            self._full_since = None
            return False
        now = monotonic()
        if self._full_since is None:
            self._full_since = now
        self.paused = self._fullness >= OVERFULL or now - self._full_since > GRACE
        return self.paused

    def wants_resume(self) -> bool:
        """Whether fetching may go on; true once per pause."""
        if not self.paused or self._ledger.bytes > RESUME_BYTES or self._ledger.span > RESUME_SPAN:
            return False
        self.paused = False
        return True

    @property
    def position(self) -> int:
        """The offset of the first record that is not done: what may be committed."""
        return self._position

    @property
    def unfinished(self) -> int:
        """Records from the first unfinished one to the last delivered one."""
        return self._ledger.span

    @property
    def oldest(self) -> int | None:
        """Offset of the first unfinished record."""
        head = self._ledger.head
        return head.offset if head else None

    @property
    def age(self) -> float:
        """Seconds since Kafka got the first unfinished record; 0 when there is none."""
        head = self._ledger.head
        return max(0.0, time() - head.timestamp / 1000) if head else 0.0

    @property
    def stalled(self) -> bool:
        """Whether records are unfinished and the position has not moved for a while."""
        return self.oldest is not None and monotonic() - self.progress > max(STALLED_AFTER, self.lease.patience)

    @property
    def _fullness(self) -> float:
        return max(self._ledger.bytes / FULL_BYTES, self._ledger.span / FULL_SPAN)

    def _move(self) -> None:
        position = self._ledger.committable()
        if position is not None:
            self._position = position
            self.progress = monotonic()
        self._changed = True
