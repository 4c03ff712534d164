"""What delivery itself writes to Kafka: dead letters and replies; the event waits until the broker has them."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from clients.kafka.errors import PublishRejected
from clients.kafka.record import Outgoing
from schemas.cloudevents import kafka
from schemas.errors import InvalidEvent, Unreachable
from streams.delivery import metrics
from streams.delivery.dlq import dead_letter
from streams.delivery.policy import delay

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from clients.kafka.publisher import Publisher
    from schemas.cloudevents import CloudEvent
    from schemas.config import SinkConfig
    from schemas.errors import DeliveryError
    from streams.transport import Lease, Record

log = logging.getLogger(__name__)


class Outlet:
    """Of one sink.

    Args:
        config: its name, and how long to wait for a broker.
        publisher: the process's producer.
        dead_letters: the topic of the sink's dead letters.
        unroutable: the topic of dead letters that only take the routes again.
        events: the topic of all events, where replies go.
    """

    def __init__(
        self, config: SinkConfig, publisher: Publisher, *, dead_letters: str, unroutable: str, events: str
    ) -> None:
        self._config = config
        self._publisher = publisher
        self._dead_letters = dead_letters
        self._unroutable = unroutable
        self._events = events
        self._buried = metrics.DEAD_LETTERS.labels(config.name)  # at 0 from the start: the first one is an increase

    async def bury(
        self,
        lease: Lease,
        record: Record,
        failure: DeliveryError,
        *,
        attempts: int,
        done: Callable[[], None],
        raw: bool = False,
    ) -> None:
        """Store the dead letter of a record; ``done`` is called once the broker has it.

        A ``raw`` record is as it came to the events: sent again, it must take the routes, so it is the router's letter.

        Raises:
            Revoked: the partition left before that.
        """
        letter = self.letter(record, failure, attempts=attempts, raw=raw)
        tries = 0
        while True:
            try:
                async with lease.work():
                    await self._publisher.publish(
                        letter.topic, value=letter.value, key=letter.key, headers=letter.headers
                    )
                    done()
            except Unreachable as error:
                tries += 1
                log.error("%s: no dead letter stored for %s yet: %s", letter.topic, record.position, error)  # noqa: TRY400
                await lease.pause(delay(self._config, tries))
            else:
                log.warning("%s: %s dead-lettered: %s", self._config.name, record.position, failure.reason)
                self._buried.inc()
                return

    def letter(self, record: Record, failure: DeliveryError, *, attempts: int, raw: bool) -> Outgoing:
        """What is stored of a record that cannot be delivered."""
        return dead_letter(record, self._unroutable if raw else self._dead_letters, failure, attempts=attempts)

    async def reply(self, replies: Iterable[CloudEvent]) -> None:
        """Store what a destination answered among the events; one that no record can hold is dropped, and counted.

        Raises:
            Unreachable: no broker has confirmed them.
        """
        records = [record for event in replies if (record := self._record(event)) is not None]
        for record, result in zip(records, await self._publisher.publish_many(records), strict=True):
            if isinstance(result, PublishRejected):
                self._drop(dict(record.headers).get("ce_id"), result)

    def _record(self, event: CloudEvent) -> Outgoing | None:
        try:
            message = kafka.to_binary(event)
        except InvalidEvent as error:
            self._drop(event.id, error)
            return None
        key = kafka.partition_key(event) or event.source.encode()
        headers: Sequence[tuple[str, bytes | None]] = message.headers
        return Outgoing(self._events, message.value, key, tuple(headers))

    def _drop(self, event: object, error: Exception) -> None:
        log.error("%s: the reply %r cannot be stored: %s", self._config.name, event, error)
        metrics.REPLIES_DROPPED.labels(self._config.name).inc()
