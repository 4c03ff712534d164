"""The events of a request onto the events topic: returning means that the broker has acknowledged all of them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Protocol

from clients.kafka.errors import PublishRejected
from clients.kafka.record import Outgoing
from ingest.webhook.metrics import PUBLISH_SECONDS
from schemas.cloudevents import kafka
from schemas.errors import Unreachable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schemas.cloudevents import CloudEvent
    from schemas.topics import Topic


class Publisher(Protocol):
    """The part of :class:`clients.kafka.publisher.Publisher` that an intake needs."""

    async def publish(
        self,
        topic: str,
        *,
        value: bytes | None,
        key: bytes | None = None,
        headers: Sequence[tuple[str, bytes | None]] = (),
    ) -> object:
        """Return after the broker's ack of this one record."""


class Batches(Protocol):
    """The part of :class:`ingest.webhook.batches.Batches` that an intake needs."""

    async def write(self, records: Sequence[Outgoing], *, patience: float) -> None:
        """Store all records or none."""


class Intake:
    """Kafka binary mode, ``acks=all``; several events in one transaction.

    Args:
        publisher: a started publisher, for requests with one event.
        batches: for requests with several; started, too.
        topic: the events topic.
        patience: seconds that the events of a request may wait for their ack.
    """

    def __init__(self, publisher: Publisher, batches: Batches, *, topic: Topic, patience: float = 10.0) -> None:
        self._publisher = publisher
        self._batches = batches
        self._topic = topic
        self._patience = patience

    async def accept(self, events: Sequence[CloudEvent]) -> None:
        """Store ``events``, attributes, extensions and data as they are: all of them, or none.

        Raises:
            Unreachable: no ack in time. The events may still arrive: whoever sends them again sends the same ids.
            PublishRejected: Kafka will never take one of them; it is too large.
            Refused: credentials, permissions or the topic are missing.
        """
        if not events:
            return
        records = [_record(self._topic.name, event) for event in events]
        try:
            with PUBLISH_SECONDS.time():
                if len(records) == 1:
                    await self._publish(records[0])
                else:
                    await self._batches.write(self._fitting(records), patience=self._patience)
        except TimeoutError:
            raise Unreachable(f"Kafka has not acknowledged the events within {self._patience:g} s") from None

    async def _publish(self, record: Outgoing) -> None:
        async with asyncio.timeout(self._patience):
            await self._publisher.publish(record.topic, value=record.value, key=record.key, headers=record.headers)

    def _fitting(self, records: Sequence[Outgoing]) -> Sequence[Outgoing]:
        """The same; one that is too large would cost its neighbours in the transaction."""
        limit = self._topic.max_message_bytes
        for index, record in enumerate(records):
            if not record.fits(limit):
                raise PublishRejected(f"event {index} is a record of {record.size} bytes; {limit} is the limit")
        return records


def _record(topic: str, event: CloudEvent) -> Outgoing:
    message = kafka.to_binary(event)
    return Outgoing(topic, message.value, record_key(event), message.headers)


def record_key(event: CloudEvent) -> bytes:
    """Return the partitionkey, else the source: events of one source stay in order.

    The key lives outside the event (Kafka binding 3.1): deriving it adds no attribute.
    """
    key = kafka.partition_key(event)
    return event.source.encode() if key is None else key
