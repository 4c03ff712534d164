"""An end for calls that hang: one timer for all of them, because a time-out for each would cost more than the rest."""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable

T = TypeVar("T")

_LOOKS: Final = 4
"""How often in the time that a call may take."""


class Watchdog:
    """For one event loop.

    Args:
        limit: seconds that a call may take, and up to a quarter more.
    """

    def __init__(self, limit: float) -> None:
        self._limit = limit
        self._running: dict[asyncio.Task[object], float] = {}
        self._ended: set[asyncio.Task[object]] = set()
        self._looking = False

    async def watch(self, call: Awaitable[T]) -> T:
        """Await the call; the task that does may watch one at a time.

        Raises:
            TimeoutError: it was cancelled because it took too long.
        """
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - somebody awaits this
        self._running[task] = monotonic()
        if not self._looking:
            self._look_later()
        try:
            return await call
        except asyncio.CancelledError:
            # As asyncio.timeout does it: a cancellation that came from elsewhere as well goes on.
            if task in self._ended and not task.uncancel():
                raise TimeoutError from None
            raise
        finally:
            self._ended.discard(task)
            del self._running[task]

    def _look_later(self) -> None:
        self._looking = True
        asyncio.get_running_loop().call_later(self._limit / _LOOKS, self._look)

    def _look(self) -> None:
        self._looking = False
        until = monotonic() - self._limit
        for task, since in self._running.items():
            if since <= until and task not in self._ended:
                self._ended.add(task)
                task.cancel()
        if self._running:
            self._look_later()
