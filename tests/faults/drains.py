"""How long partitions took to be let go, seen from the side of the work."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Final

from streams.transport import Revoked

if TYPE_CHECKING:
    from collections.abc import Callable

    from streams.transport import Lease

LOOK_EVERY: Final = 0.02
FOREVER: Final = 86_400.0


class Drains:
    """Measures every lease from its closing to the end of the last work in it.

    Args:
        running: how many deliveries of a lease are under way.
    """

    def __init__(self, running: Callable[[Lease], int]) -> None:
        self._running = running
        self._watching: dict[Lease, asyncio.Task[None]] = {}
        self.longest = 0.0

    def watch(self, lease: Lease) -> None:
        """Measure this lease, too; calling it again changes nothing."""
        if lease not in self._watching:
            self._watching[lease] = asyncio.create_task(self._measure(lease))

    async def _measure(self, lease: Lease) -> None:
        try:
            while True:
                await lease.pause(FOREVER)
        except Revoked:
            closed = time.monotonic()
        while self._running(lease):
            await asyncio.sleep(LOOK_EVERY)
        self.longest = max(self.longest, time.monotonic() - closed)
