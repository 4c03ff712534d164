"""So many attempts per second at most."""

from __future__ import annotations

import asyncio
from time import monotonic


class Pace:
    """Turns at even distances; what was not used is not saved up.

    Args:
        rate: turns per second.
    """

    def __init__(self, rate: float) -> None:
        self._distance = 1 / rate
        self._next = 0.0

    async def turn(self) -> None:
        """Wait until it is one's turn."""
        now = monotonic()
        turn = max(self._next, now)
        self._next = turn + self._distance
        if turn > now:
            await asyncio.sleep(turn - now)
