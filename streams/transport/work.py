"""One piece of work on a leased partition: begun only while the lease is open, cancelled at the drain deadline."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType

    from streams.transport.lease import Lease


class Revoked(Exception):  # noqa: N818 - a state, not a fault
    """The partition is no longer ours: leave the rest of the chunk, somebody else will get it."""


class Work:
    """An asynchronous context manager, for one use by one task; ``contextlib`` would cost three times as much."""

    __slots__ = ("_lease", "_revoked", "_task")

    def __init__(self, lease: Lease) -> None:
        self._lease = lease
        self._revoked = False
        self._task: asyncio.Task[object] | None = None

    async def __aenter__(self) -> None:
        if not self._lease.begin(self):
            raise Revoked
        self._task = asyncio.current_task()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._lease.end(self)
        # As asyncio.timeout does it: a cancellation that came from elsewhere as well goes on.
        if self._revoked and self._task is not None and not self._task.uncancel() and kind is asyncio.CancelledError:
            raise Revoked from None

    def revoke(self) -> None:
        """Cancel the task inside, once."""
        if not self._revoked and self._task is not None:
            self._revoked = True
            self._task.cancel()
