"""One event onto the events topic: returning means that the broker has acknowledged it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Protocol

from ingest.webhook.metrics import PUBLISH_SECONDS
from schemas.cloudevents import kafka
from schemas.errors import Unreachable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schemas.cloudevents import CloudEvent


class Publisher(Protocol):
    """The part of :class:`clients.kafka.publisher.Publisher` that an intake needs."""

    async def publish(
        self,
        topic: str,
        *,
        value: bytes | None,
        key: bytes | None = None,
        headers: Sequence[tuple[str, bytes]] = (),
    ) -> object:
        """Return after the broker's ack of this one record."""


class Intake:
    """Kafka binary mode, ``acks=all``.

    Args:
        publisher: a started publisher.
        topic: name of the events topic.
        patience: seconds that one event may wait for its ack.
    """

    def __init__(self, publisher: Publisher, *, topic: str, patience: float = 10.0) -> None:
        self._publisher = publisher
        self._topic = topic
        self._patience = patience

    async def accept(self, event: CloudEvent) -> None:
        """Store ``event``, attributes, extensions and data as they are.

        Raises:
            Unreachable: no ack in time. The event may still arrive: whoever sends it again sends the same id.
            PublishRejected: Kafka will never take this record; it is too large.
            Refused: credentials, permissions or the topic are missing.
        """
        message = kafka.to_binary(event)
        try:
            with PUBLISH_SECONDS.time():
                async with asyncio.timeout(self._patience):
                    await self._publisher.publish(
                        self._topic, value=message.value, key=record_key(event), headers=message.headers
                    )
        except TimeoutError:
            raise Unreachable(f"Kafka has not acknowledged the event within {self._patience:g} s") from None


def record_key(event: CloudEvent) -> bytes:
    """Return the partitionkey, else the source: events of one source stay in order.

    The key lives outside the event (Kafka binding 3.1): deriving it adds no attribute.
    """
    key = kafka.partition_key(event)
    return event.source.encode() if key is None else key
