"""Chunks in turn: one at a time per partition, partitions side by side; what waited together goes together."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final

from schemas.errors import ReflexarcError
from streams.transport import metrics
from streams.transport.chunk import Chunk
from streams.transport.lease import Revoked
from streams.transport.sent import CHUNK_LEASE

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from streams.transport.lease import Lease
    from streams.transport.record import Record

log = logging.getLogger(__name__)

LONGEST: Final = 5_000
"""Records in one chunk, at most."""


class Turns:
    """Calls ``handle`` with the chunks of one topic.

    Args:
        name: for messages.
        handle: works on a chunk; ``Revoked`` ends it quietly.
        fail: told of any other error, which ends the app: the partition would stand still in a process that looks
            healthy.
    """

    def __init__(
        self, name: str, handle: Callable[[Chunk], Awaitable[None]], fail: Callable[[BaseException], None]
    ) -> None:
        self._name = name
        self._handle = handle
        self._fail = fail
        self._waiting: dict[Lease, list[Record]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._ending = False

    def add(self, chunk: Chunk) -> None:
        """Take a chunk; returns at once."""
        waiting = self._waiting.get(chunk.lease)
        if waiting is not None:
            waiting.extend(chunk.records)
            return
        self._waiting[chunk.lease] = list(chunk.records)
        task = asyncio.get_running_loop().create_task(self._work(chunk.lease))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        """End what is still worked on."""
        self._ending = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _work(self, lease: Lease) -> None:
        waiting = self._waiting[lease]
        CHUNK_LEASE.set(lease)
        try:
            while waiting:
                taken, waiting[:LONGEST] = tuple(waiting[:LONGEST]), []
                metrics.CHUNKS.observe(len(taken))
                await self._handle(Chunk(lease, taken))
        except Revoked:
            log.debug("%s: partition revoked, its next owner does the rest", self._name)
        except asyncio.CancelledError:
            if not self._ending:
                self._fail(ReflexarcError(f"{self._name} was cancelled from within"))
            raise
        except Exception as error:  # noqa: BLE001 - told to whoever ends the app
            self._fail(error)
        finally:
            del self._waiting[lease]
