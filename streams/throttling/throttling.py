"""The role: reads what throttled routes chose, and passes on what their throttles let pass."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from functools import partial
from time import time
from typing import TYPE_CHECKING, Final

from clients.kafka.errors import PublishRejected
from schemas import topics
from schemas.errors import Reject, Unreachable
from streams import metrics
from streams.delivery.dlq import dead_letter
from streams.throttling.marks import Marks
from streams.throttling.passage import onwards
from streams.throttling.share import Share
from streams.throttling.throttle import throttle
from streams.transport.lease import Revoked
from streams.transport.sent import CHUNK_LEASE
from streams.transport.tick import tick

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from clients.kafka.record import Outgoing
    from schemas.config import RouteConfig, ThrottleConfig
    from streams.throttling.step import Step
    from streams.transport import Chunk, Lease
    from streams.transport.app import TransportApp

log = logging.getLogger(__name__)

LOOK: Final = 1.0
"""Seconds between two looks at what is due."""

PAUSE_AFTER_OUTAGE: Final = 1.0

LATE: Final = 60.0
"""Seconds beyond its window after which an event that is held back looks stuck."""


@dataclass(slots=True)
class Throttled:
    """One route: its throttle, the sinks it leads to now, and the partitions that are ours."""

    name: str
    config: ThrottleConfig
    sinks: tuple[str, ...]
    shares: dict[int, Share] = field(default_factory=dict)


class Throttling:
    """Every throttled route of the configuration.

    Args:
        prefix: topic prefix.
        app: reads the routes' topics; it must not have started.
        routes: of the configuration; those without a throttle are passed over.
    """

    def __init__(self, prefix: str, app: TransportApp, routes: Iterable[RouteConfig]) -> None:
        self._prefix = prefix
        self._app = app
        self._marks = Marks(app)
        self._routes = {
            route.name: Throttled(route.name, route.throttle, route.to)
            for route in routes
            if route.throttle is not None
        }
        for name, route in self._routes.items():
            app.consume(topics.throttle(prefix, name), f"throttle {name}", partial(self.handle, route))

    async def follow(self, routes: Iterable[RouteConfig]) -> None:
        """Lead to the sinks that these name from now on; a route that is gone keeps its own until it has run empty."""
        for route in routes:
            if route.name in self._routes:
                self._routes[route.name].sinks = route.to

    async def handle(self, route: Throttled, chunk: Chunk) -> None:
        """Decide for every record of the chunk, and carry it out.

        Raises:
            Revoked: the partition left before that.
        """
        if not chunk.lease.open:  # What was remembered of the partition may be its next owner's by now.
            raise Revoked
        share = self._share(route, chunk.lease, chunk.records[0].partition)
        async with share.turn:
            await self._carry_out(route, share, share.take(chunk.records))

    async def watch_the_clock(self) -> None:
        """Tell the time to partitions in which something is due, until cancelled."""
        while True:
            await asyncio.sleep(LOOK)
            for route in self._routes.values():
                await self._look(route)

    async def _look(self, route: Throttled) -> None:
        now = round(time() * 1000)
        ours = [share for share in route.shares.values() if share.lease.open]
        for share in ours:
            if share.silent and share.crowded:
                await self._relieve(route, share)
        due = [share for share in ours if share.overdue(now)]
        ticks = [tick(topics.throttle(self._prefix, route.name), share.number) for share in due]
        try:
            outcomes = await self._app.publisher.publish_many(ticks)
        except Unreachable as error:
            log.warning("throttle %s cannot tell the time: %s", route.name, error)
            return
        for share, outcome in zip(due, outcomes, strict=True):
            if isinstance(outcome, PublishRejected):
                raise outcome
            share.ticked()

    async def _relieve(self, route: Throttled, share: Share) -> None:
        """Let go of the oldest: the transport reads nothing more of this partition, not even the time."""
        context = CHUNK_LEASE.set(share.lease)
        try:
            async with share.turn:
                await self._carry_out(route, share, share.relieve())
        except Revoked:
            log.debug("throttle %s: partition %d revoked", route.name, share.number)
        finally:
            CHUNK_LEASE.reset(context)

    def _share(self, route: Throttled, lease: Lease, number: int) -> Share:
        share = route.shares.get(number)
        if share is None or share.lease is not lease:
            marks = self._marks.of((route.name, number))
            window = round(route.config.window * 1000)
            share = route.shares[number] = Share(lease, number, throttle(route.config, marks), marks, window)
            lease.patience = route.config.window + LATE
        return share

    async def _carry_out(self, route: Throttled, share: Share, steps: Sequence[Step]) -> None:
        """Publish, then remember, then report: a kill in between brings a repetition, never a loss."""
        outgoing = [
            record
            for step in steps
            if step.passes is not None and step.passes.record is not None
            for record in onwards(self._prefix, route.sinks, step.passes.record, step.stands_for)
        ]
        place = (route.name, share.number)
        while True:
            try:
                async with share.lease.work():
                    await self._publish(outgoing)
                    self._marks.store(place, (step.mark for step in steps if step.mark is not None))
                    self._marks.store(place, ((group, None) for group in share.forget()))
                    share.lease.done_all([offset for step in steps for offset in step.done])
            except Unreachable as error:
                log.warning("throttle %s waits for the broker: %s", route.name, error)
                await share.lease.pause(PAUSE_AFTER_OUTAGE)
            else:
                _count(route.name, steps)
                return

    async def _publish(self, outgoing: Sequence[Outgoing]) -> None:
        publisher = self._app.publisher
        for record, result in zip(outgoing, await publisher.publish_many(outgoing), strict=True):
            if isinstance(result, PublishRejected):
                log.error("%s refused a record: %s", record.topic, result)
                dead = topics.dead_letter(self._prefix, topics.UNROUTABLE)
                letter = dead_letter(record, dead, Reject(str(result)), attempts=1)
                await publisher.publish(letter.topic, value=letter.value, key=letter.key, headers=letter.headers)


def _count(route: str, steps: Iterable[Step]) -> None:
    for step in steps:
        metrics.THROTTLED.labels(route, "passed").inc(step.passes is not None)
        metrics.THROTTLED.labels(route, "held").inc(step.held)
        metrics.THROTTLED.labels(route, "dropped").inc(step.dropped)
