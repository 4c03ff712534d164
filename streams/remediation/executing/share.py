"""One partition of the actions, as long as it is ours."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from streams.transport.lease import Revoked

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from typing import Any

    from streams.remediation.executing.journal import Journal
    from streams.transport import Lease

LOOK: Final = 3600.0


class Share:
    """Its journal, and the actions that are under way; they end with the lease, and go on with its next owner.

    Args:
        lease: the right to work on it.
        number: of the partition.
        journal: what was begun.
    """

    def __init__(self, lease: Lease, number: int, journal: Journal) -> None:
        self.lease = lease
        self.number = number
        self.journal = journal
        self._running: dict[str, asyncio.Task[None]] = {}
        self._offsets: dict[str, list[int]] = {}
        self._watch = asyncio.create_task(self._until_the_end(), name=f"lease of actions/{number}")

    def __contains__(self, id: str) -> bool:  # noqa: A002 - the attribute
        return id in self._running

    def hold(self, id: str, offset: int) -> None:  # noqa: A002 - the attribute
        """Keep a record unfinished until the action with this id has ended."""
        self._offsets.setdefault(id, []).append(offset)

    def released(self, id: str) -> list[int]:  # noqa: A002 - the attribute
        """The records that may be finished now."""
        return self._offsets.pop(id, [])

    def run(self, id: str, work: Coroutine[Any, Any, None]) -> None:  # noqa: A002 - the attribute
        """Have something go on beside the others."""
        task = self._running[id] = asyncio.create_task(work, name=f"action {id}")
        task.add_done_callback(lambda _: self._running.pop(id, None))

    async def _until_the_end(self) -> None:
        try:
            while True:
                await self.lease.pause(LOOK)
        except Revoked:
            for task in tuple(self._running.values()):
                task.cancel()
