"""Who may act when: one action per entity, and so many per vCenter and per kind of work."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

from sinks.vsphere.actions import ACTIONS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from schemas.config.remediation import ConcurrencyConfig
    from schemas.remediation.request import Request


class Turns:
    """Turns in the order in which they are asked for.

    What is urgent waits for its entity, and for what else is urgent in its vCenter.

    Args:
        config: how much is under way at once.
    """

    def __init__(self, config: ConcurrencyConfig) -> None:
        self._config = config
        self._entities: dict[str, tuple[asyncio.Lock, int]] = {}
        self._vcenters: dict[tuple[str, bool], asyncio.Semaphore] = {}
        self._lanes: dict[tuple[str, str], asyncio.Semaphore] = {}

    @asynccontextmanager
    async def turn(self, request: Request) -> AsyncIterator[None]:
        """Enclose one action."""
        entity = request.entity
        assert entity is not None  # noqa: S101 - what has no target is never ordered
        action = ACTIONS[request.action]
        async with AsyncExitStack() as held:
            await held.enter_async_context(self._alone(entity.key))
            if limit := self._limit(action.lane):
                lane = self._lanes.setdefault((entity.vcenter, action.lane), asyncio.Semaphore(limit))
                await held.enter_async_context(lane)
            of_vcenter = (entity.vcenter, action.urgent)
            vcenter = self._vcenters.setdefault(of_vcenter, asyncio.Semaphore(self._config.vcenter))
            await held.enter_async_context(vcenter)
            yield

    def _limit(self, lane: str) -> int | None:
        limit = getattr(self._config, lane.replace("-", "_"), None)
        return limit if isinstance(limit, int) else None

    @asynccontextmanager
    async def _alone(self, key: str) -> AsyncIterator[None]:
        lock, waiting = self._entities.get(key, (asyncio.Lock(), 0))
        self._entities[key] = (lock, waiting + 1)
        try:
            async with lock:
                yield
        finally:
            lock, waiting = self._entities.pop(key)
            if waiting > 1:
                self._entities[key] = (lock, waiting - 1)
