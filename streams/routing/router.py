"""Events to sink topics: one record per (event, sink), chosen by the routes."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from clients.kafka.batch import Unconfirmed
from clients.kafka.errors import PublishRejected
from schemas.errors import Reject, Unreachable
from streams import metrics
from streams.delivery.origins import anonymous

if TYPE_CHECKING:
    from clients.kafka.publisher import Publisher
    from clients.kafka.record import Outgoing
    from streams.routing.active import ActiveRoutes
    from streams.transport import Chunk

log = logging.getLogger(__name__)

PAUSE_AFTER_OUTAGE: Final = 1.0


class Router:
    """Routes chunks of the events topic.

    Args:
        routes: what is followed; looked at once for each chunk.
        publisher: where the chosen records go.
    """

    def __init__(self, routes: ActiveRoutes, publisher: Publisher) -> None:
        self._routes = routes
        self._publisher = publisher

    async def route(self, chunk: Chunk) -> None:
        """Publish what the routes choose; done when the broker has acknowledged all of it.

        Raises:
            Revoked: the partition left before that.
        """
        choose = self._routes.choice.of
        outgoing = [made for record in chunk.records for made in choose(record)]
        chosen = len(outgoing)
        while True:
            try:
                async with chunk.lease.work():
                    await self._publish(outgoing)
                    chunk.lease.done_all([record.offset for record in chunk.records])
            except Unreachable as error:
                log.warning("router waits for the broker: %s", error)
                await chunk.lease.pause(PAUSE_AFTER_OUTAGE)
            else:
                metrics.ROUTER_EVENTS.inc(len(chunk.records))
                metrics.ROUTER_RECORDS.inc(chosen)
                return

    async def _publish(self, outgoing: list[Outgoing]) -> None:
        """Store what is in the list, and take it off; what is left, and not confirmed, is to be published again."""
        while outgoing:
            try:
                results = await self._publisher.publish_many(outgoing)
            except Unconfirmed as error:
                unconfirmed = zip(outgoing, error.stored, strict=True)
                outgoing[:] = [anonymous(record) for record, stored in unconfirmed if not stored]
                raise
            outgoing[:] = [
                self._letter(record, result)
                for record, result in zip(outgoing, results, strict=True)
                if isinstance(result, PublishRejected)
            ]

    def _letter(self, record: Outgoing, refusal: PublishRejected) -> Outgoing:
        log.error("%s refused a record: %s", record.topic, refusal)
        letter = self._routes.choice.dead(record, Reject(str(refusal)), attempts=1)
        if letter.topic == record.topic:
            raise refusal
        return letter
