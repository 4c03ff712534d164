"""``reflexarc`` with one guarantee switched off, named by the environment variable MUTANT.

A fault test that stays green under its mutant proves nothing.
"""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress
from typing import TYPE_CHECKING

from ops.cli import main
from schemas.errors import Unreachable
from streams.delivery.agent import Delivery
from streams.router import Router

if TYPE_CHECKING:
    from clients.kafka.record import Outgoing
    from streams.transport import Chunk


def deliver_reports_early() -> None:
    """Delivery calls a chunk done when it gets it, not when the sink has it."""
    deliver = Delivery.deliver

    async def early(self: Delivery, chunk: Chunk) -> None:
        for record in chunk.records:
            chunk.lease.done(record.offset)
        await deliver(self, chunk)

    Delivery.deliver = early  # type: ignore[method-assign]


def router_reports_early() -> None:
    """The router calls a chunk done when it gets it, and is slow to publish."""
    route = Router.route

    async def early(self: Router, chunk: Chunk) -> None:
        for record in chunk.records:
            chunk.lease.done(record.offset)
        await asyncio.sleep(1.0)
        await route(self, chunk)

    Router.route = early  # type: ignore[method-assign]


def router_forgets_what_the_broker_did_not_take() -> None:
    """A publish that was not confirmed in time counts as one that was."""
    publish = Router._publish

    async def forget(self: Router, outgoing: list[Outgoing]) -> None:
        with suppress(Unreachable):
            await publish(self, outgoing)

    Router._publish = forget  # type: ignore[method-assign]


MUTANTS = {
    "deliver-reports-early": deliver_reports_early,
    "router-reports-early": router_reports_early,
    "router-forgets": router_forgets_what_the_broker_did_not_take,
}

if __name__ == "__main__":
    MUTANTS[os.environ["MUTANT"]]()
    main()
