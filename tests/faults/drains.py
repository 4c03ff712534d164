"""How long partitions took to be let go, seen from the side of the work."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from streams.transport import Revoked

if TYPE_CHECKING:
    from streams.transport import Lease

FOREVER: Final = 86_400.0


class Drains:
    """Measures every watched lease from its closing to the end of the last work in it, in seconds."""

    def __init__(self) -> None:
        self._watching: dict[Lease, asyncio.Task[None]] = {}
        self._closed: dict[Lease, float] = {}
        self.longest = 0.0

    def watch(self, lease: Lease) -> None:
        """Notice when this lease is closed; calling it again changes nothing."""
        if lease not in self._watching:
            self._watching[lease] = asyncio.create_task(self._wait(lease))

    def ended(self, lease: Lease) -> None:
        """Note that work in this lease has ended."""
        closed = self._closed.get(lease)
        if closed is not None:
            self.longest = max(self.longest, time.monotonic() - closed)

    async def _wait(self, lease: Lease) -> None:
        with suppress(Revoked):
            await lease.pause(FOREVER)
        self._closed[lease] = time.monotonic()
