"""The inventory for a command that routes events, read when its routes ask for it."""

from __future__ import annotations

from contextlib import closing, contextmanager
from time import monotonic
from typing import TYPE_CHECKING, Final

from schemas.errors import ReflexarcError
from streams.filters.condition import Needs, needs_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from schemas.config import KafkaConfig
    from streams.filters.entity import Known
    from streams.filters.view import View
    from streams.routing.route import Route

WITHIN: Final = 30.0
"""Seconds in which all of it must be read; the router waits as long."""

LOOK: Final = 0.2


@contextmanager
def inventory_for(
    routes: Iterable[Route], kafka: KafkaConfig, *, missing: Callable[[str], None]
) -> Iterator[Callable[[View], Known] | None]:
    """What the inventory knows of an event's entity, for ``View.inventory``; None where no route asks for it.

    Follows the topic in a thread until the end of the block. Blocks until it is read, for 30 s at most, and for 4 s
    when no broker answers.

    Args:
        routes: whose conditions are asked.
        kafka: where the inventory lies.
        missing: is told why it cannot be read; nothing is known of any entity then.
    """
    if not any(needs_of(route.conditions) & Needs.INVENTORY for route in routes):
        yield None
        return
    from ops.events.broker import await_broker  # noqa: PLC0415 - only then a Kafka client is needed
    from streams.routing.inventory import Inventory  # noqa: PLC0415 - as above

    with closing(Inventory(kafka)) as inventory:
        try:
            await_broker(kafka)
        except ReflexarcError as error:
            missing(str(error))
            yield inventory.about
            return
        reading, end = inventory.problems(), monotonic() + WITHIN
        inventory.start()
        while not inventory.wait(LOOK) and inventory.problems() == reading and monotonic() < end:
            pass
        for problem in inventory.problems():
            missing(problem)
        yield inventory.about
