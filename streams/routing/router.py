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
    from collections.abc import Callable, Sequence

    from clients.kafka.publisher import Publisher
    from clients.kafka.record import Outgoing, Position
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
                outgoing[:] = self._left(outgoing, error.outcomes, again=anonymous)
                raise
            outgoing[:] = self._left(outgoing, results)

    def _left(
        self,
        outgoing: Sequence[Outgoing],
        outcomes: Sequence[Position | PublishRejected | None],
        again: Callable[[Outgoing], Outgoing] = lambda record: record,
    ) -> list[Outgoing]:
        """What is still to be published: what may not be stored, and letters for what never will be."""
        left = []
        for record, outcome in zip(outgoing, outcomes, strict=True):
            if outcome is None:
                left.append(again(record))
            elif isinstance(outcome, PublishRejected):
                left.append(self._letter(record, outcome))
        return left

    def _letter(self, record: Outgoing, refusal: PublishRejected) -> Outgoing:
        log.error("%s refused a record: %s", record.topic, refusal)
        letter = self._routes.choice.dead(record, Reject(str(refusal)), attempts=1)
        if letter.topic == record.topic:
            raise refusal
        return letter
