"""One partition as the reader holds it: its lease, its ledger, its place in the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams.transport.lease import Lease
from streams.transport.ledger import Ledger

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Sequence

    from streams.transport.record import Record

# Wide apart, because librdkafka throws away what it has fetched of a partition when that is paused.
PAUSE_BYTES, RESUME_BYTES = 4 << 20, 1 << 20
PAUSE_SPAN, RESUME_SPAN = 5_000, 2_500


class Held:
    """State between assignment and revocation; touched by the reader thread only, but for the lease."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.lease = Lease(loop)
        self.position = -1
        self.committed = -1
        self._ledger = Ledger()
        self._paused = False

    def deliver(self, records: Sequence[Record]) -> None:
        """Note records about to be handed out."""
        for record in records:
            self._ledger.deliver(record.offset, record.size)

    def book(self) -> None:
        """Take the agent's reports into the ledger and move the position."""
        for offset in self.lease.reports():
            self._ledger.done(offset)
        position = self._ledger.committable()
        if position is not None:
            self.position = position

    @property
    def dirty(self) -> bool:
        """Whether there is a position that the broker has not confirmed."""
        return self.position > self.committed

    def wants_pause(self) -> bool:
        """Whether fetching must pause now; true once until ``wants_resume`` was."""
        if self._paused or (self._ledger.bytes < PAUSE_BYTES and self._ledger.span < PAUSE_SPAN):
            return False
        self._paused = True
        return True

    def wants_resume(self) -> bool:
        """Whether fetching may go on; true once per pause."""
        if not self._paused or self._ledger.bytes > RESUME_BYTES or self._ledger.span > RESUME_SPAN:
            return False
        self._paused = False
        return True
