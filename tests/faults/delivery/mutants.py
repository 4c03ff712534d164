"""``reflexarc`` with one guarantee of delivery switched off: the environment variable MUTANT names one."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING, Final

from ops.cli import main
from schemas.errors import Retry
from sinks.rabbitmq.link import Link
from streams.delivery.circuit import Circuit
from streams.delivery.destination import Destination
from streams.delivery.lanes import Lanes
from streams.delivery.origins import Origins
from tests.e2e.mutants import deliver_reports_early

if TYPE_CHECKING:
    from collections.abc import Callable

    from schemas.cloudevents import CloudEvent
    from sinks.rabbitmq.message import Message
    from sinks.rabbitmq.routing import Address
    from streams.delivery.destination import Outcome


def forgets_origins() -> None:
    """Whatever the router writes is new."""
    Origins.fresh = lambda *_: True  # type: ignore[method-assign]


def keys_side_by_side() -> None:
    """Records of one key do not wait for each other."""
    make = Lanes.__init__

    def unordered(self: Lanes, *, ordered: bool, hire: Callable[[], None]) -> None:
        del ordered
        make(self, ordered=False, hire=hire)

    Lanes.__init__ = unordered  # type: ignore[method-assign]


def blames_events_for_an_outage() -> None:
    """A sink that cannot be reached counts against the event, and no circuit opens."""
    send = Destination.send

    async def blaming(self: Destination, event: CloudEvent) -> Outcome:
        outcome = await send(self, event)
        return Retry(str(outcome)) if isinstance(outcome, Exception) else outcome

    Destination.send = blaming  # type: ignore[method-assign]
    Circuit.failed = lambda *_, **__: False  # type: ignore[method-assign]


def does_not_wait_for_confirms() -> None:
    """A message to RabbitMQ counts as accepted once it is handed to the connection."""
    publish, under_way = Link.publish, set[asyncio.Task[None]]()

    async def hurried(self: Link, message: Message, address: Address) -> None:
        task = asyncio.create_task(publish(self, message, address))
        under_way.add(task)
        task.add_done_callback(lambda done: done.cancelled() or done.exception())
        await asyncio.sleep(0)

    Link.publish = hurried  # type: ignore[method-assign]


MUTANTS: Final = {
    "reports-early": deliver_reports_early,
    "forgets-origins": forgets_origins,
    "keys-side-by-side": keys_side_by_side,
    "blames-events": blames_events_for_an_outage,
    "unconfirmed": does_not_wait_for_confirms,
}


if __name__ == "__main__":
    if name := os.environ.get("MUTANT"):
        MUTANTS[name]()
    main()
