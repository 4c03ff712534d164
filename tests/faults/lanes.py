"""Deliveries in lanes: strict order within a key, a bounded number under way in the process."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING

from streams.transport import Revoked

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from streams.transport import Chunk, Lease, Record


class Lanes:
    """One lane per lease and key.

    What waits in lanes is bounded by the transport's own flow control.

    Args:
        deliver: delivers one record within the lease and reports it.
        fail: is told of any error but ``Revoked``, which ends the lane.
        in_flight: deliveries under way at most.
    """

    def __init__(
        self,
        deliver: Callable[[Lease, Record], Awaitable[None]],
        fail: Callable[[BaseException], None],
        *,
        in_flight: int,
    ) -> None:
        self._deliver = deliver
        self._fail = fail
        self._slots = asyncio.Semaphore(in_flight)
        self._lanes: dict[tuple[Lease, bytes | None], deque[Record]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.taken = 0

    async def take(self, chunk: Chunk) -> None:
        """Put every record into its lane; does not wait for deliveries."""
        self.taken += len(chunk.records)
        for record in chunk.records:
            lane = (chunk.lease, record.key)
            if lane in self._lanes:
                self._lanes[lane].append(record)
                continue
            self._lanes[lane] = deque([record])
            task = asyncio.create_task(self._serve(lane))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _serve(self, lane: tuple[Lease, bytes | None]) -> None:
        waiting = self._lanes[lane]
        try:
            while waiting:
                async with self._slots:
                    await self._deliver(lane[0], waiting[0])
                waiting.popleft()
        except Revoked:
            pass
        except Exception as error:  # noqa: BLE001 - nobody awaits this task
            self._fail(error)
        finally:
            del self._lanes[lane]
