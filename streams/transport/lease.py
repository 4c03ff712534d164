"""The right of this process to work on one partition, from assignment to revocation.

Two threads meet here: the agent (asyncio loop) works and reports, the reader (owner of the consumer handle) closes,
waits and collects. A report is appended before the work counts as ended, so whoever sees the work end also sees the
report.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING

from streams.transport.debts import Debts
from streams.transport.metadata import STATE_LIMIT
from streams.transport.work import Revoked, Work

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["Lease", "Revoked"]


class Lease:
    """One assignment of one partition.

    Args:
        loop: the event loop on which agents run.
        state: what the agent of the former owner remembered.

    Attributes:
        patience: seconds that the agent may mean to leave a record unfinished; until then the partition is not stalled.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, state: str = "") -> None:
        self._loop = loop
        self._idle = threading.Condition()
        self._running = 0
        self._closed = False
        self._gone = False
        self._forfeited: float | None = None
        self._closing = asyncio.Event()
        self._works: set[Work] = set()
        self._reports: deque[int] = deque()
        self._debts = Debts(self._reports)
        self._state: str | Callable[[], str] = state
        self.patience = 0.0

    # The agent's side, on the event loop.

    @property
    def open(self) -> bool:
        """Whether new work may begin."""
        return not self._closed

    @property
    def gone(self) -> bool:
        """Whether the partition is somebody else's by now: nothing more may be written on its behalf."""
        return self._gone

    @property
    def forfeited(self) -> float | None:
        """``time.monotonic()`` when it was forfeited; from any thread."""
        return self._forfeited

    @property
    def running(self) -> bool:
        """Whether work has begun and not ended; from any thread."""
        return self._running > 0

    @property
    def state(self) -> str:
        """What was last remembered, by this owner or the one before."""
        state = self._state
        return state if isinstance(state, str) else state()

    @property
    def restless(self) -> bool:
        """Whether what is remembered may be something else although nothing was reported."""
        return isinstance(self._state, str)

    def remember(self, state: str | Callable[[], str]) -> None:
        """Keep a few words beside the committed offset, from the next commit on.

        Args:
            state: the words; or what tells them, from another thread, whenever they are asked for: then they are as
                new as the offset, or newer, and may have no more than ``STATE_LIMIT`` bytes.

        Raises:
            ValueError: more than ``STATE_LIMIT`` bytes.
        """
        if isinstance(state, str) and len(state.encode()) > STATE_LIMIT:
            raise ValueError(f"state of {len(state.encode())} bytes; at most {STATE_LIMIT} fit beside an offset")
        self._state = state

    def work(self) -> Work:
        """Enclose work whose effect must be finished, or cancelled, before the partition changes hands.

        Entering it raises ``Revoked`` when the lease is closed; ``Revoked`` is raised inside when the drain deadline
        has passed.
        """
        return Work(self)

    def begin(self, work: Work | None = None) -> bool:
        """Begin work that ends with ``end``; False when the lease is closed. ``work`` is cancelled at the deadline."""
        with self._idle:
            if self._closed:
                return False
            self._running += 1
        if work is not None:
            self._works.add(work)
        return True

    def end(self, work: Work | None = None) -> None:
        """End work that ``begin`` has let in."""
        if work is not None:
            self._works.discard(work)
        with self._idle:
            self._running -= 1
            if self._closed:
                self._idle.notify_all()

    def done(self, offset: int) -> None:
        """Report a record as finished; call it inside ``work()``."""
        self._debts.report((offset,))

    def done_all(self, offsets: Iterable[int]) -> None:
        """Report many records as finished; call it inside ``work()``."""
        self._debts.report(offsets)

    def owe(self) -> int:
        """Note a write that must be stored before anything reported from now on may be committed."""
        return self._debts.owe()

    def pay(self, debt: int) -> None:
        """Note that the write is stored."""
        self._debts.pay(debt)
        self._notice_paid()

    def forfeit(self) -> None:
        """Note that a write can never be stored: nothing more begins, and no report counts any more."""
        if self._forfeited is None:
            self._forfeited = monotonic()
            self._debts.forfeit()
            self.close()
            self._notice_paid()

    def _notice_paid(self) -> None:
        if self._closed and not self._debts.open:
            with self._idle:
                self._idle.notify_all()

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
        self._post(self._cancel_works)

    def leave(self) -> None:
        """Say that the partition is no longer ours."""
        self._gone = True

    def wait_idle(self, deadline: float) -> bool:
        """Wait until no work runs and nothing is owed, or ``time.monotonic()`` passes the deadline; whether idle."""
        with self._idle:
            while self._running or self._debts.open:
                remaining = deadline - monotonic()
                if remaining <= 0:
                    return False
                self._idle.wait(remaining)
        return True

    def reports(self) -> list[int]:
        """Take the offsets reported since the last call."""
        taken = []
        with suppress(IndexError):
            while True:
                taken.append(self._reports.popleft())
        return taken

    def _cancel_works(self) -> None:
        for work in tuple(self._works):
            work.revoke()

    def _post(self, call: Callable[[], object]) -> None:
        with suppress(RuntimeError):  # The loop is gone, and with it every agent.
            self._loop.call_soon_threadsafe(call)
