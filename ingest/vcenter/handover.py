"""Between the tails and the committer: what has been read and not yet committed, in order and bounded per vCenter."""

from __future__ import annotations

import threading
from collections import Counter, deque
from time import monotonic
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from clients.kafka.record import Outgoing
    from ingest.vcenter.checkpoint import Checkpoint

UNCOMMITTED: Final = 2
"""Chunks of one vCenter on their way: one in the transaction, one being gathered. Memory stays flat beyond."""


class Chunk(NamedTuple):
    """Consecutive events of one vCenter and the position behind them; committed together or not at all.

    Attributes:
        newest: creation time of the last event, by our clock; None when there is no event.
        canary: when a canary among the events was posted, see ``Canary.seen``.
    """

    checkpoint: Checkpoint
    records: tuple[Outgoing, ...] = ()
    newest: datetime | None = None
    canary: float | None = None

    @property
    def vcenter(self) -> str:
        """Whose events these are."""
        return self.checkpoint.vcenter

    @property
    def size(self) -> int:
        """Bytes of its records."""
        return sum(record.size for record in self.records)


class HandoverClosedError(Exception):
    """Nobody will commit any more; what was not committed will be read again by the next process."""


class Handover:
    """Chunks of one vCenter leave in the order they came; a vCenter that is ahead waits, the others do not.

    Args:
        vcenters: how many there are; once all have given something, nobody is waited for.
    """

    def __init__(self, vcenters: int) -> None:
        self._vcenters = vcenters
        self._changed = threading.Condition()
        self._waiting: deque[Chunk] = deque()
        self._uncommitted: Counter[str] = Counter()
        self._closed = False

    def submit(self, chunk: Chunk) -> None:
        """Give a chunk to the committer; waits while ``UNCOMMITTED`` of this vCenter are on their way.

        Raises:
            HandoverClosedError: nobody takes it.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._uncommitted[chunk.vcenter] < UNCOMMITTED)
            if self._closed:
                raise HandoverClosedError
            self._uncommitted[chunk.vcenter] += 1
            self._waiting.append(chunk)
            self._changed.notify_all()

    def gather(self, *, wait: float, linger: float, limit: int) -> list[Chunk]:
        """The chunks to commit next, in order.

        Args:
            wait: seconds to wait for the first one; none came, and the list is empty.
            linger: seconds to wait for more after the first.
            limit: bytes after which there is no waiting for more.
        """
        with self._changed:
            if not self._changed.wait_for(lambda: self._waiting, wait):
                return []
            end = monotonic() + linger
            taken: list[Chunk] = []
            while self._changed.wait_for(lambda: self._waiting, max(0.0, end - monotonic())):
                taken.append(self._waiting.popleft())
                complete = len({chunk.vcenter for chunk in taken}) == self._vcenters
                if sum(chunk.size for chunk in taken) >= limit or (complete and not self._waiting):
                    break
            return taken

    def settle(self, chunks: Iterable[Chunk]) -> None:
        """These are committed: their vCenters may go on."""
        with self._changed:
            self._uncommitted.subtract(chunk.vcenter for chunk in chunks)
            self._changed.notify_all()

    def close(self) -> None:
        """Nobody commits any more; whoever waits in ``submit`` is told."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
