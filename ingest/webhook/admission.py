"""How many requests are in hand: the bound on memory, and what a shutdown waits for."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ingest.webhook.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator


class Admission:
    """Holds one place per request from before its body is read until its event is safe.

    Args:
        limit: places; together with the body limit it bounds the memory that senders can claim.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._held = 0
        self._closing = False
        self._idle = asyncio.Event()
        self._idle.set()

    @contextmanager
    def place(self) -> Iterator[None]:
        """Hold a place for the time of the block.

        Raises:
            Problem: 429 while every place is taken, 503 once :meth:`drain` was called.
        """
        soon = {"Retry-After": "1"}
        if self._closing:
            raise Problem(503, "This server is shutting down; send the request again.", headers=soon, close=True)
        if self._held >= self._limit:
            raise Problem(429, f"{self._limit} requests are already in hand; wait.", headers=soon)
        self._held += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._held -= 1
            if self._held == 0:
                self._idle.set()

    async def drain(self) -> None:
        """Admit nobody any more and return when the last place is free."""
        self._closing = True
        await self._idle.wait()
