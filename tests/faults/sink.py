"""A sink that takes its time and writes what it got to a file that all workers share."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from ops.demo.journal import Journal
from tests.faults.drains import Drains
from tests.faults.event import Event, duration

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from streams.transport import Lease, Record


class FileSink:
    """Appends a line per delivery.

    Args:
        out: the file.
        worker: who delivers, for the lines.
        slow: share of deliveries that take seconds.
        hang: numbers of events whose delivery never ends.
        stop_after: deliveries after which no other one ends.
    """

    def __init__(
        self, out: Path, worker: str, *, slow: float, hang: Collection[int] = (), stop_after: int | None = None
    ) -> None:
        self._journal = Journal(out)
        self._worker = worker
        self._slow = slow
        self._hang = hang
        self._stop_after = stop_after
        self.drains = Drains()
        self.begun = 0
        self.cancelled = 0
        self.running = 0

    async def deliver(self, lease: Lease, record: Record) -> None:
        """Deliver one record and report it.

        Raises:
            Revoked: the partition left before that.
        """
        async with lease.work():
            self.drains.watch(lease)
            self.running += 1
            try:
                await self._send(record)
            except asyncio.CancelledError:
                self.cancelled += 1
                raise
            finally:
                self.running -= 1
                self.drains.ended(lease)
            lease.done(record.offset)

    async def _send(self, record: Record) -> None:
        event = Event.of(record.value)
        self.begun += 1
        if event.seq in self._hang or (self._stop_after is not None and self.begun > self._stop_after):
            await asyncio.Event().wait()
        await asyncio.sleep(duration(event, self._slow))
        self._journal.write(
            {
                "seq": event.seq,
                "partition": record.partition,
                "offset": record.offset,
                "key": event.key,
                "worker": self._worker,
                "at": time.time(),
            }
        )
