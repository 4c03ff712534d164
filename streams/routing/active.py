"""The routes that a router follows, from one set of them to the next."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from streams import metrics
from streams.filters.condition import Needs
from streams.routing.activation import activated, fingerprint
from streams.routing.choice import Choice
from streams.routing.index import RouteIndex
from streams.routing.route import compile_routes
from streams.routing.rules import Watch, rules_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from clients.kafka.publisher import Publisher
    from schemas.config import RouteConfig
    from streams.routing.inventory import Inventory
    from streams.routing.reach import Reach

    Patterns = Mapping[str, Mapping[str, Any]]

CATCH_UP: Final = 30.0
"""Seconds that the inventory is waited for; after that conditions on it are decided by ``on_unknown``."""

FETCH: Final = 10.0
"""Seconds that rules are waited for; after that their routes take no event until they come."""

log = logging.getLogger(__name__)


class ActiveRoutes:
    """Starts without a route.

    Args:
        prefix: topic prefix.
        publisher: tells the audit.
        instance: name of this process, for the audit.
        limit: largest record that the sinks' topics take, in bytes.
        reach: which of the routes' sinks are served here; default: all, and throttles.
        begin: starts to read the inventory; called once, when a route first asks it.

    Attributes:
        choice: what follows from the routes; replaced whole.
    """

    def __init__(
        self,
        prefix: str,
        publisher: Publisher,
        *,
        instance: str,
        limit: int,
        reach: Reach | None = None,
        begin: Callable[[], Inventory] | None = None,
    ) -> None:
        self._prefix = prefix
        self._publisher = publisher
        self._instance = instance
        self._limit = limit
        self._reach = reach
        self._begin = begin
        self._inventory: Inventory | None = None
        self._routes: tuple[RouteConfig, ...] = ()
        self._watch: Watch | None = None
        self._patterns: Patterns = {}
        self._fetched = asyncio.Event()
        self.choice = Choice(prefix, RouteIndex(()), limit=limit)

    async def follow(self, routes: tuple[RouteConfig, ...]) -> None:
        """Follow these from now on, all of them or, when it raises, none; the audit hears of it first.

        Raises:
            ConfigError: they cannot be compiled.
            ReflexarcError: the audit cannot be written.
        """
        watch = await self._fetch(routes)
        patterns = watch.patterns() if watch is not None else {}
        try:
            choice = await self._compile(routes, patterns)
            word = activated(self._prefix, self._instance, self._routes, routes, datetime.now(UTC))
            await self._publisher.publish(word.topic, value=word.value, key=word.key, headers=word.headers)
        except BaseException:
            if watch is not None:
                watch.close()
            raise
        if self._watch is not None:
            self._watch.close()
        self._routes, self._watch, self._patterns, self.choice = routes, watch, patterns, choice
        self._fetched.set()  # what was fetched since, while the one before was watched
        hashed = fingerprint(routes)
        metrics.ROUTES.set(sum(route.enabled for route in routes))
        metrics.ROUTES_HASH.clear()
        metrics.ROUTES_HASH.labels(hashed).set(1)
        log.info("%d routes followed, %s", len(routes), hashed)

    async def keep_rules(self) -> None:
        """Follow patterns of EventBridge rules when they change, until cancelled."""
        while True:
            await self._fetched.wait()
            self._fetched.clear()
            watch = self._watch
            patterns = watch.patterns() if watch is not None else self._patterns
            if patterns is self._patterns:
                continue  # the first fetch, which the routes were compiled with
            choice = await self._compile(self._routes, patterns)
            if watch is self._watch:
                self._patterns, self.choice = patterns, choice

    def close(self) -> None:
        """Fetch no more rules."""
        if self._watch is not None:
            self._watch.close()

    async def _fetch(self, routes: tuple[RouteConfig, ...]) -> Watch | None:
        rules = await asyncio.to_thread(rules_of, routes)
        if rules is None:
            return None
        loop, first = asyncio.get_running_loop(), asyncio.Event()

        def changed() -> None:
            with suppress(RuntimeError):  # the loop has ended, and so has the process, about
                loop.call_soon_threadsafe(first.set)
                loop.call_soon_threadsafe(self._fetched.set)

        watch = Watch(rules, changed)
        try:
            await asyncio.wait_for(first.wait(), FETCH)
        except TimeoutError:
            log.warning("EventBridge does not answer; routes that take their pattern from a rule wait for it")
        except BaseException:
            watch.close()
            raise
        return watch

    async def _compile(self, routes: tuple[RouteConfig, ...], patterns: Patterns) -> Choice:
        index = await asyncio.to_thread(self._indexed, routes, patterns)
        if self._inventory is None and self._begin is not None and index.needs & Needs.INVENTORY:
            self._inventory = self._begin()
            if not await asyncio.to_thread(self._inventory.wait, CATCH_UP):
                log.warning("routes ask the inventory, which is not read to its end: %s", self._inventory.problems())
        inventory = self._inventory if index.needs & Needs.INVENTORY else None
        return Choice(self._prefix, index, limit=self._limit, inventory=inventory)

    def _indexed(self, routes: tuple[RouteConfig, ...], patterns: Patterns) -> RouteIndex:
        compiled = compile_routes(routes, patterns)
        return RouteIndex(compiled if self._reach is None else self._reach.of(compiled))
