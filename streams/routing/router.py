"""Events to sink topics: one record per (event, sink), chosen by the routes, value and headers untouched."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from clients.kafka.errors import PublishRejected
from clients.kafka.record import Outgoing
from schemas import topics
from schemas.errors import InvalidEvent, Reject, Unreachable
from streams import metrics
from streams.delivery.dlq import dead_letter
from streams.filters.view import View
from streams.routing.activation import activated, fingerprint
from streams.routing.index import RouteIndex
from streams.routing.route import compile_routes
from streams.throttling.passage import towards

if TYPE_CHECKING:
    from clients.kafka.publisher import Publisher
    from schemas.config import RouteConfig
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
        publisher: where the chosen records go.
        instance: name of this process, for the audit.
    """

    def __init__(self, prefix: str, publisher: Publisher, *, instance: str) -> None:
        self._prefix = prefix
        self._publisher = publisher
        self._instance = instance
        self._dead_letters = topics.dead_letter(prefix, topics.UNROUTABLE)
        self._routes: tuple[RouteConfig, ...] = ()
        self._index = RouteIndex(())

    async def follow(self, routes: tuple[RouteConfig, ...]) -> None:
        """Route by these from the next chunk on, all of them or, when it raises, none; the audit hears of it first.

        Raises:
            ConfigError: they cannot be compiled.
            ReflexarcError: the audit cannot be written.
        """
        index = await asyncio.to_thread(lambda: RouteIndex(compile_routes(routes)))
        word = activated(self._prefix, self._instance, self._routes, routes, datetime.now(UTC))
        await self._publisher.publish(word.topic, value=word.value, key=word.key, headers=word.headers)
        self._routes, self._index = routes, index
        hashed = fingerprint(routes)
        metrics.ROUTES.set(len(index.routes))
        metrics.ROUTES_HASH.clear()
        metrics.ROUTES_HASH.labels(hashed).set(1)
        log.info("%d routes followed, %s", len(index.routes), hashed)

    async def route(self, chunk: Chunk) -> None:
        """Publish what the routes choose; done when the broker has acknowledged all of it.

        Raises:
            Revoked: the partition left before that.
        """
        index = self._index
        outgoing = [chosen for record in chunk.records for chosen in self._choose(record, index)]
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

    def _choose(self, record: Record, index: RouteIndex) -> list[Outgoing]:
        """The records that one event becomes: one per sink or throttle, or one dead letter when it is no event."""
        try:
            view = View.of_record(record.headers, record.value)
            matches = index.match(view)
        except InvalidEvent as error:
            return [dead_letter(record, self._dead_letters, Reject(str(error)), attempts=0)]
        if not matches:
            return []
        origin = f"{record.partition}/{record.offset}".encode()
        return [self._outgoing(record, view, sink, chosen, origin) for sink, chosen in matches.items()]

    def _outgoing(self, record: Record, view: View, sink: str, chosen: Chosen, origin: bytes) -> Outgoing:
        told = ((ROUTES, chosen.listed), (ORIGIN, origin))
        route = chosen.shape
        if route.grouping is not None:
            return towards(self._prefix, route.name, route.grouping.key(view, record.key), record, told)
        return Outgoing(topics.sink(self._prefix, sink), record.value, record.key, [*record.headers, *told])

    async def _publish(self, outgoing: list[Outgoing]) -> None:
        for record, result in zip(outgoing, await self._publisher.publish_many(outgoing), strict=True):
            if isinstance(result, PublishRejected):
                log.error("%s refused a record: %s", record.topic, result)
                letter = dead_letter(record, self._dead_letters, Reject(str(result)), attempts=1)
                await self._publisher.publish(letter.topic, value=letter.value, key=letter.key, headers=letter.headers)
