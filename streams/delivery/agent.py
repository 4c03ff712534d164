"""The delivery engine of one sink: one attempt at a time, an event done when the sink or its dead letters have it."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from schemas.cloudevents import kafka
from schemas.errors import InvalidEvent, ReflexarcError, Refused, Reject, Retry, Unavailable, Unreachable
from streams import metrics
from streams.delivery.dlq import dead_letter
from streams.delivery.policy import delay

if TYPE_CHECKING:
    from clients.kafka.publisher import Publisher
    from schemas.cloudevents import CloudEvent
    from schemas.config import SinkConfig
    from schemas.errors import DeliveryError
    from sinks.base import Sink
    from streams.transport import Chunk, Lease, Record

log = logging.getLogger(__name__)

HANGING = 4
"""How many of its own time-outs a connector may take before the engine ends the attempt."""


class Delivery:
    """Delivers the chunks of one sink's topic.

    Args:
        config: the sink's retry policy.
        sink: the connector; opened on the first event, again after an outage.
        publisher: where dead letters go.
        dead_letters: their topic.
    """

    def __init__(self, config: SinkConfig, sink: Sink, publisher: Publisher, dead_letters: str) -> None:
        self._config = config
        self._sink = sink
        self._publisher = publisher
        self._dead_letters = dead_letters
        self._opened = False
        self._turn = asyncio.Lock()
        metrics.DEAD_LETTERS.labels(config.name)  # at 0 from the start, so that the first one is an increase

    async def deliver(self, chunk: Chunk) -> None:
        """Settle every record of the chunk in order.

        Raises:
            Revoked: the partition left before that.
        """
        for record in chunk.records:
            try:
                event = kafka.from_message(record.headers, record.value)
            except InvalidEvent as error:
                await self._bury(chunk.lease, record, Reject(str(error)), attempts=0)
            else:
                await self._settle(chunk.lease, record, event)

    async def _settle(self, lease: Lease, record: Record, event: CloudEvent) -> None:
        attempts, outages = 0, 0
        while True:
            failure = await self._attempt(lease, record, event)
            if failure is None:
                return
            if isinstance(failure, Unavailable):
                outages += 1
                log.warning("%s is away, waiting: %s", self._config.name, failure.reason)
                await lease.pause(delay(self._config, outages))
                continue
            attempts += 1
            if isinstance(failure, Reject) or attempts > self._config.retry:
                await self._bury(lease, record, failure, attempts=attempts)
                return
            await lease.pause(delay(self._config, attempts, getattr(failure, "after", None)))

    async def _attempt(self, lease: Lease, record: Record, event: CloudEvent) -> DeliveryError | None:
        name = self._config.name
        metrics.ATTEMPTS.labels(name).inc()
        async with self._turn, lease.work():
            try:
                await self._send(event)
            except Unavailable as error:
                self._away()
                return error
            except (Refused, Unreachable) as error:
                self._away()
                return Unavailable(str(error))
            except (Retry, Reject) as error:
                return error
            except ReflexarcError as error:
                return Retry(str(error))
            except Exception as error:
                log.exception("%s: a fault in the connector, event %s", name, event.id)
                return Retry(f"unexpected {type(error).__name__}: {error}")
            lease.done(record.offset)
        metrics.DELIVERED.labels(name).inc()
        return None

    async def _send(self, event: CloudEvent) -> None:
        """Open the connector if need be and send, within bounds that no connector should ever need."""
        limit = HANGING * self._config.timeout
        if not self._opened:
            try:
                async with asyncio.timeout(limit):
                    await self._sink.open()
            except TimeoutError:
                raise Unavailable(f"opening it did not end within {limit:g} s") from None
            self._opened = True
            metrics.SINK_UP.labels(self._config.name).set(1)
        try:
            async with asyncio.timeout(limit):
                await self._sink.send(event)
        except TimeoutError:
            raise Retry(f"sending did not end within {limit:g} s") from None

    def _away(self) -> None:
        self._opened = False
        metrics.SINK_UP.labels(self._config.name).set(0)

    async def _bury(self, lease: Lease, record: Record, failure: DeliveryError, *, attempts: int) -> None:
        """Store the dead letter; the partition waits until the broker has it."""
        letter = dead_letter(record, self._dead_letters, failure, attempts=attempts)
        tries = 0
        while True:
            try:
                async with lease.work():
                    await self._publisher.publish(
                        letter.topic, value=letter.value, key=letter.key, headers=letter.headers
                    )
                    lease.done(record.offset)
            except Unreachable as error:
                tries += 1
                log.error("%s: no dead letter stored for %s yet: %s", letter.topic, record.position, error)  # noqa: TRY400
                await lease.pause(delay(self._config, tries))
            else:
                log.warning("%s: %s dead-lettered: %s", self._config.name, record.position, failure.reason)
                metrics.DEAD_LETTERS.labels(self._config.name).inc()
                return
