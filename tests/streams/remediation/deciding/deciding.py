"""A decider on an app without Kafka."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, cast

from schemas import topics
from schemas.keys import keyring
from streams.remediation.deciding.decider import Decider
from streams.remediation.voice import Voice
from streams.transport import Lease
from tests.streams.guard.asking import NOW, guard
from tests.streams.remediation.changelog import App

if TYPE_CHECKING:
    from streams.guard import Guard

RING = keyring([b"k" * 32])
REQUESTS, URGENT = (topics.requests("p", urgent=urgent) for urgent in (False, True))


class Role:
    """One partition of the role, just assigned.

    Attributes:
        app: what it is on.
        decider: the role.
        now: its clock, seconds since 1970.
        requests: the lease of the partition of requests.
        urgent: that of the urgent ones.
    """

    def __init__(self, ours: Guard | None = None) -> None:
        self.app = App()
        self.now = NOW
        self.decider = Decider(
            Voice("p", topics.DECIDE, ("chat",)),
            cast("Any", self.app),
            ours or guard(),
            paused=lambda: None,
            ring=lambda: RING,
            who=lambda way: way,
            known=lambda entity: entity,
            sinks=("act",),
            patience=3600,
            clock=lambda: self.now,
        )
        self.assign()

    def assign(self) -> None:
        """The partition comes, or comes again."""
        self.requests, self.urgent = (Lease(asyncio.get_running_loop()) for _ in range(2))

    async def ask(self, *values: bytes, first: int = 0) -> None:
        """Have it hear requests."""
        await self.app.hear(REQUESTS, self.requests, *values, first=first)

    async def say(self, *values: bytes, first: int = 0) -> None:
        """Have it hear what is urgent."""
        await self.app.hear(URGENT, self.urgent, *values, first=first)
