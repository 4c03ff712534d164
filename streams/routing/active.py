"""The routes that a router follows, from one set of them to the next."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from schemas.errors import ConfigError
from streams import metrics
from streams.filters.condition import Needs
from streams.routing.activation import activated, fingerprint
from streams.routing.index import RouteIndex
from streams.routing.route import compile_routes
from streams.routing.rules import arns

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from clients.aws.rules import Rules
    from clients.kafka.publisher import Publisher
    from schemas.config import RouteConfig
    from streams.routing.inventory import Inventory

PERIOD: Final = 300.0
"""Seconds after which patterns of EventBridge rules are fetched again."""

CATCH_UP: Final = 30.0
"""Seconds that the inventory is waited for; after that conditions on it are decided by ``on_unknown``."""

log = logging.getLogger(__name__)


class ActiveRoutes:
    """Starts without a route.

    Args:
        prefix: topic prefix.
        publisher: tells the audit.
        instance: name of this process, for the audit.
        begin: starts to read the inventory; called once, when a route first asks it.

    Attributes:
        index: the routes, compiled; replaced whole.
        inventory: what conditions ask about entities; None as long as no route has one.
    """

    def __init__(
        self, prefix: str, publisher: Publisher, *, instance: str, begin: Callable[[], Inventory] | None = None
    ) -> None:
        self.index = RouteIndex(())
        self.inventory: Inventory | None = None
        self._begin = begin
        self._prefix = prefix
        self._publisher = publisher
        self._instance = instance
        self._routes: tuple[RouteConfig, ...] = ()
        self._rules: Rules | None = None
        self._patterns: Mapping[str, Mapping[str, Any]] = {}

    async def follow(self, routes: tuple[RouteConfig, ...]) -> None:
        """Follow these from now on, all of them or, when it raises, none; the audit hears of it first.

        Raises:
            ConfigError: they cannot be compiled.
            ReflexarcError: the audit cannot be written.
        """
        rules = await asyncio.to_thread(_fetch, routes)
        index, patterns = await asyncio.to_thread(self._compile, routes, rules)
        if self.inventory is None and self._begin is not None and index.needs & Needs.INVENTORY:
            self.inventory = self._begin()
            if not await asyncio.to_thread(self.inventory.wait, CATCH_UP):
                log.warning("routes ask the inventory, which is not read to its end yet: %s", self.inventory.problems())
        word = activated(self._prefix, self._instance, self._routes, routes, datetime.now(UTC))
        await self._publisher.publish(word.topic, value=word.value, key=word.key, headers=word.headers)
        self.index, self._routes, self._rules, self._patterns = index, routes, rules, patterns
        hashed = fingerprint(routes)
        metrics.ROUTES.set(len(index.routes))
        metrics.ROUTES_HASH.clear()
        metrics.ROUTES_HASH.labels(hashed).set(1)
        log.info("%d routes followed, %s", len(index.routes), hashed)

    async def keep_rules(self) -> None:
        """Fetch patterns of EventBridge rules again and again, until cancelled."""
        while True:
            await asyncio.sleep(PERIOD)
            rules = self._rules
            if rules is not None and await asyncio.to_thread(rules.refresh):
                index, patterns = await asyncio.to_thread(self._compile, self._routes, rules)
                if rules is self._rules:
                    self.index, self._patterns = index, patterns
                    log.info("patterns of EventBridge rules have changed, and are followed")

    def _compile(
        self, routes: tuple[RouteConfig, ...], rules: Rules | None
    ) -> tuple[RouteIndex, Mapping[str, Mapping[str, Any]]]:
        """The index, and the patterns in it; what is wrong with a rule elsewhere keeps no router from its work."""
        patterns = rules.patterns() if rules else {}
        try:
            return RouteIndex(compile_routes(routes, patterns)), patterns
        except ConfigError as error:
            if not patterns:
                raise
            for problem in error.problems:
                log.error("%s: %s — %s", problem.where, problem.what, problem.cure)  # noqa: TRY400 - an answer
            return RouteIndex(compile_routes(routes, self._patterns)), self._patterns


def _fetch(routes: tuple[RouteConfig, ...]) -> Rules | None:
    named = arns(routes)
    if not named:
        return None
    from clients.aws.rules import Rules  # noqa: PLC0415 - boto3 takes a third of a second to import

    rules = Rules(named)
    rules.refresh()
    return rules
