"""The right of this process to work on one partition, from assignment to revocation.

Two threads meet here: the agent (asyncio loop) works and reports, the reader (owner of the consumer handle) closes,
waits and collects. A report is appended before the work counts as ended, so whoever sees the work end also sees the
report.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from contextlib import asynccontextmanager, suppress
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


class Revoked(Exception):  # noqa: N818 - a state, not a fault
    """The partition is no longer ours: leave the rest of the chunk, somebody else will get it."""


class Lease:
    """One assignment of one partition.

    Args:
        loop: the event loop on which agents run.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._idle = threading.Condition()
        self._running = 0
        self._closed = False
        self._closing = asyncio.Event()
        self._scopes: set[asyncio.Timeout] = set()
        self._reports: deque[int] = deque()

    # The agent's side, on the event loop.

    @property
    def open(self) -> bool:
        """Whether new work may begin."""
        return not self._closed

    @asynccontextmanager
    async def work(self) -> AsyncIterator[None]:
        """Enclose work whose effect must be finished, or cancelled, before the partition changes hands.

        Raises:
            Revoked: at entry when the lease is closed; inside when the drain deadline has passed.
        """
        with self._idle:
            if self._closed:
                raise Revoked
            self._running += 1
        scope = asyncio.timeout(None)
        self._scopes.add(scope)
        try:
            async with scope:
                yield
        except TimeoutError:
            if scope.expired():
                raise Revoked from None
            raise
        finally:
            self._scopes.discard(scope)
            with self._idle:
                self._running -= 1
                self._idle.notify_all()

    def done(self, offset: int) -> None:
        """Report a record as finished; call it inside ``work()``."""
        self._reports.append(offset)

    async def pause(self, seconds: float) -> None:
        """Wait between attempts, outside ``work()``.

        Raises:
            Revoked: as soon as the lease is closed, so that waiting never delays a rebalance.
        """
        with suppress(TimeoutError):
            await asyncio.wait_for(self._closing.wait(), seconds)
        if self._closed:
            raise Revoked

    # The reader's side, on its own thread.

    def close(self) -> None:
        """Let nothing more begin."""
        with self._idle:
            self._closed = True
        self._post(self._closing.set)

    def cancel(self) -> None:
        """End the work that is still running, by ``Revoked``."""
        self._post(self._expire)

    def wait_idle(self, deadline: float) -> bool:
        """Wait until no work runs or ``time.monotonic()`` passes the deadline; whether it is idle."""
        with self._idle:
            while self._running:
                remaining = deadline - monotonic()
                if remaining <= 0:
                    return False
                self._idle.wait(remaining)
        return True

    def reports(self) -> list[int]:
        """Take the offsets reported since the last call."""
        taken = []
        while self._reports:
            taken.append(self._reports.popleft())
        return taken

    def _expire(self) -> None:
        for scope in tuple(self._scopes):
            if not scope.expired():
                scope.reschedule(self._loop.time())

    def _post(self, call: object) -> None:
        with suppress(RuntimeError):  # The loop is gone, and with it every agent.
            self._loop.call_soon_threadsafe(call)  # type: ignore[arg-type]
