"""What all roles are wired with: an app, what runs beside it, and how that ends."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from schemas import topics
from streams.routing.active import ActiveRoutes
from streams.routing.inventory import Inventory
from streams.routing.metrics import watching
from streams.routing.reload import Reload

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine
    from contextlib import AsyncExitStack
    from typing import Any

    from schemas.config import Config, RouteConfig
    from streams.routing.reach import Reach
    from streams.routing.reload import Source
    from streams.transport.app import TransportApp


@dataclass(frozen=True, slots=True)
class Wiring:
    """What the parts of a role are wired with.

    Attributes:
        closing: ends what was begun for the role, the last first.
        stop: is set when the role shall end.
        source: where changed routes come from.
        reread: set to have them read at once.
    """

    config: Config
    app: TransportApp
    closing: AsyncExitStack
    stop: asyncio.Event
    source: Source | None
    reread: asyncio.Event

    def follow(self, follow: Callable[[tuple[RouteConfig, ...]], Awaitable[None]]) -> None:
        """Have routes that change followed."""
        if self.source is not None:
            reload = Reload(self.source, self.config, lambda changed: follow(changed.routes), self.reread)
            self.beside(reload.run(), "routes")

    def beside(self, work: Coroutine[Any, Any, None], name: str) -> None:
        """Run something endless beside the app; its end is the app's."""
        task = asyncio.create_task(work, name=name)
        task.add_done_callback(partial(_ended, self.app))
        self.closing.callback(task.cancel)

    async def routes(self, reach: Reach) -> ActiveRoutes:
        """The routes that act, with the inventory that they ask."""
        routes = ActiveRoutes(
            self.config.kafka.prefix,
            self.app.publisher,
            instance=self.app.instance or topics.ROUTER,
            limit=topics.largest(self.config),
            reach=reach,
            begin=self.inventory,
        )
        self.closing.callback(routes.close)
        await routes.follow(self.config.routes)
        self.beside(routes.keep_rules(), "rules")
        return routes

    def inventory(self) -> Inventory:
        """What is known of entities, followed from now on."""
        inventory = Inventory(self.config.kafka)
        inventory.start()
        self.closing.callback(inventory.close)
        self.closing.enter_context(watching(inventory))
        self.app.health.watch(inventory.problems)
        return inventory


def _ended(app: TransportApp, watching: asyncio.Task[None]) -> None:
    if not watching.cancelled() and (error := watching.exception()):
        app.fail(error)
