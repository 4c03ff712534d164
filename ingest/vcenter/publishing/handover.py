"""Between the tails and the committer: what has been read and not yet committed, in order and bounded per vCenter."""

from __future__ import annotations

import threading
from collections import deque
from time import monotonic
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from datetime import datetime

    from clients.kafka.record import Outgoing
    from ingest.vcenter.position.checkpoint import Checkpoint

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
    """Nobody will commit any more; what was not committed will be read again by whoever follows the vCenter next."""


class Handover:
    """Where the lanes of all tails meet; a vCenter that is ahead waits, the others do not."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self._lanes: set[Lane] = set()
        self._waiting: deque[tuple[Lane, Chunk]] = deque()
        self._taken: list[tuple[Lane, Chunk]] = []

    def lane(self) -> Lane:
        """A new tail's way in."""
        with self.changed:
            lane = Lane(self)
            self._lanes.add(lane)
            return lane

    def gather(self, *, wait: float, linger: float, limit: int) -> list[Chunk]:
        """The chunks to commit next, in order: those of the last time, as long as they are not settled.

        Args:
            wait: seconds to wait for the first one; none came, and the list is empty.
            linger: seconds to wait for more after the first.
            limit: bytes after which there is no waiting for more.
        """
        with self.changed:
            if not self._taken and self.changed.wait_for(lambda: self._waiting, wait):
                self._take(monotonic() + linger, limit)
            return [chunk for _, chunk in self._taken]

    def settle(self) -> None:
        """What was gathered is committed: its vCenters may go on."""
        with self.changed:
            for lane, _ in self._taken:
                lane.uncommitted -= 1
            self._taken.clear()
            self.changed.notify_all()

    def put(self, lane: Lane, chunk: Chunk) -> None:
        """For the lane: behind what is waiting. The caller holds ``changed``."""
        self._waiting.append((lane, chunk))
        self.changed.notify_all()

    def remove(self, lane: Lane) -> None:
        """For the lane: forget it and its chunks. The caller holds ``changed``."""
        self._lanes.discard(lane)
        self._waiting = deque(pair for pair in self._waiting if pair[0] is not lane)
        self._taken = [pair for pair in self._taken if pair[0] is not lane]
        self.changed.notify_all()

    def _take(self, end: float, limit: int) -> None:
        size, heard = 0, set[Lane]()
        while self.changed.wait_for(lambda: self._waiting, max(0.0, end - monotonic())):
            lane, chunk = self._waiting.popleft()
            self._taken.append((lane, chunk))
            size += chunk.size
            heard.add(lane)
            if size >= limit or (heard >= self._lanes and not self._waiting):
                return


class Lane:
    """The way of one tail's chunks; they leave in the order they came. Its tail submits, the committer's side closes.

    Args:
        handover: where it leads.
    """

    def __init__(self, handover: Handover) -> None:
        self._handover = handover
        self._closed = False
        self.uncommitted = 0

    def submit(self, chunk: Chunk) -> None:
        """Give a chunk to the committer; waits while ``UNCOMMITTED`` of this lane are on their way.

        Raises:
            HandoverClosedError: nobody takes it.
        """
        with self._handover.changed:
            self._handover.changed.wait_for(lambda: self._closed or self.uncommitted < UNCOMMITTED)
            if self._closed:
                raise HandoverClosedError
            self.uncommitted += 1
            self._handover.put(self, chunk)

    def close(self) -> None:
        """Nothing of it is committed after this; whoever waits in ``submit`` is told."""
        with self._handover.changed:
            self._closed = True
            self._handover.remove(self)
