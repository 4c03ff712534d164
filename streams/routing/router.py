"""Events to sink topics: one record per (event, sink), chosen by the routes, value and headers untouched."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from clients.kafka.errors import PublishRejected
from clients.kafka.record import Outgoing
from schemas import topics
from schemas.errors import InvalidEvent, Reject, Unreachable
from streams import metrics
from streams.delivery.dlq import dead_letter
from streams.filters.view import View

if TYPE_CHECKING:
    from clients.kafka.publisher import Publisher
    from streams.routing.active import ActiveRoutes
    from streams.routing.index import RouteIndex
    from streams.routing.inventory import Inventory
    from streams.routing.matches import Chosen
    from streams.transport import Chunk, Record

log = logging.getLogger(__name__)

PAUSE_AFTER_OUTAGE: Final = 1.0

ROUTES: Final = "reflexarc_routes"
ORIGIN: Final = "reflexarc_origin"


class Router:
    """Routes chunks of the events topic.

    Args:
        prefix: topic prefix.
        routes: what is followed; looked at once for each chunk.
        publisher: where the chosen records go.
    """

    def __init__(self, prefix: str, routes: ActiveRoutes, publisher: Publisher) -> None:
        self._prefix = prefix
        self._routes = routes
        self._publisher = publisher
        self._dead_letters = topics.dead_letter(prefix, topics.UNROUTABLE)

    async def route(self, chunk: Chunk) -> None:
        """Publish what the routes choose; done when the broker has acknowledged all of it.

        Raises:
            Revoked: the partition left before that.
        """
        index, inventory = self._routes.index, self._routes.inventory
        outgoing = [chosen for record in chunk.records for chosen in self._choose(record, index, inventory)]
        while True:
            try:
                async with chunk.lease.work():
                    await self._publish(outgoing)
                    for record in chunk.records:
                        chunk.lease.done(record.offset)
            except Unreachable as error:
                log.warning("router waits for the broker: %s", error)
                await chunk.lease.pause(PAUSE_AFTER_OUTAGE)
            else:
                metrics.ROUTER_EVENTS.inc(len(chunk.records))
                metrics.ROUTER_RECORDS.inc(len(outgoing))
                return

    def _choose(self, record: Record, index: RouteIndex, inventory: Inventory | None) -> list[Outgoing]:
        """The records that one event becomes: one per sink, or one dead letter when it is no event."""
        try:
            view = View.of_record(record.headers, record.value)
            if inventory is not None:
                view.inventory = inventory.about
            matches = index.match(view)
        except InvalidEvent as error:
            return [self._dead(record, Reject(str(error)), attempts=0)]
        if not matches:
            return []
        origin = (ORIGIN, f"{record.partition}/{record.offset}".encode())
        return [self._made(record, view, sink, chosen, origin) for sink, chosen in matches.items()]

    def _made(self, record: Record, view: View, sink: str, chosen: Chosen, origin: tuple[str, bytes]) -> Outgoing:
        """One record for one sink, or a dead letter when the route's transform cannot make it."""
        why = ((ROUTES, chosen.listed), origin)
        topic = topics.sink(self._prefix, sink)
        if chosen.transform is None:
            return Outgoing(topic, record.value, record.key, (*record.headers, *why))
        try:
            headers, value = chosen.transform.apply(view, record.headers, record.value)
        except Reject as error:
            whole = Outgoing(topic, record.value, record.key, (*record.headers, *why))
            return self._dead(whole, error, attempts=0)
        return Outgoing(topic, value, record.key, (*headers, *why))

    def _dead(self, record: Record | Outgoing, error: Reject, *, attempts: int) -> Outgoing:
        metrics.ROUTER_DEAD_LETTERS.inc()
        return dead_letter(record, self._dead_letters, error, attempts=attempts)

    async def _publish(self, outgoing: list[Outgoing]) -> None:
        for record, result in zip(outgoing, await self._publisher.publish_many(outgoing), strict=True):
            if isinstance(result, PublishRejected):
                log.error("%s refused a record: %s", record.topic, result)
                letter = self._dead(record, Reject(str(result)), attempts=1)
                await self._publisher.publish(letter.topic, value=letter.value, key=letter.key, headers=letter.headers)
