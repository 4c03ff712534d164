"""Faust's producer on the process's one idempotent publisher."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from aiokafka.partitioner import murmur2
from faust.transport.producer import Producer as FaustProducer
from faust.types import TP
from faust.types.tuples import RecordMetadata

from clients.kafka.record import Outgoing

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from faust.types import HeadersArg
    from faust.types.tuples import FutureMessage

    from streams.transport.app import TransportApp
    from streams.transport.tables.manager import Tables


class Producer(FaustProducer):
    """Sends with acks=all and idempotence.

    Whatever is sent under an event, awaited or not, is stored before the event's offset is committed. A record that
    the broker refuses raises in whoever awaits it, and ends the app when nobody does.
    """

    mundane_level = "debug"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._app = cast("TransportApp", self.app)

    async def send_and_wait(  # noqa: PLR0917 - Faust's signature
        self,
        topic: str,
        key: bytes | None,
        value: bytes | None,
        partition: int | None,
        timestamp: float | None,  # noqa: ARG002 - Kafka timestamps of ours are arrival times
        headers: HeadersArg | None,
        *,
        transactional_id: str | None = None,  # noqa: ARG002 - Faust's signature
    ) -> RecordMetadata:
        """Publish one record and wait for the broker.

        Raises:
            PublishRejected: the broker refused this record.
            Unreachable: no broker answered in time.
        """
        record = _outgoing(topic, key, value, partition, headers)
        (outcome,) = await self._app.publisher.publish_many((record,))
        if isinstance(outcome, Exception):
            raise outcome
        return RecordMetadata(topic, outcome.partition, TP(topic, outcome.partition), outcome.offset)

    async def send(  # noqa: PLR0917 - Faust's signature
        self,
        topic: str,
        key: bytes | None,
        value: bytes | None,
        partition: int | None,
        timestamp: float | None,  # noqa: ARG002 - Kafka timestamps of ours are arrival times
        headers: HeadersArg | None,
        *,
        transactional_id: str | None = None,  # noqa: ARG002 - Faust's signature
    ) -> Awaitable[RecordMetadata]:
        """Publish one record; the returned awaitable is resolved by the broker's answer."""
        stored: asyncio.Future[RecordMetadata] = asyncio.get_running_loop().create_future()
        self._app.outbox.send(_outgoing(topic, key, value, partition, headers), partial(_resolve, stored))
        return stored

    def send_soon(self, fut: FutureMessage) -> None:
        """Publish one record, such as the change of a table, in its turn."""
        message = fut.message
        topic = message.topic or message.channel.get_topic_name()
        record = _outgoing(topic, message.key, message.value, message.partition, message.headers)

        def stored(position: RecordMetadata) -> None:
            _resolve(fut, position)
            if message.callback is not None:
                message.callback(fut)

        tables = cast("Tables", self._app.tables)
        (tables.writers if topic in tables.changelog_topics else self._app.outbox).send(record, stored)

    def key_partition(self, topic: str, key: bytes) -> TP:
        """The partition that librdkafka will choose.

        Raises:
            LookupError: how many partitions the topic has is not known.
        """
        count = self._app.consumer.topic_partitions(topic)
        if count is None:
            raise LookupError(f"{topic}: the number of its partitions is not known here")
        return TP(topic, (murmur2(key) & 0x7FFFFFFF) % count)

    async def flush(self) -> None:
        """Wait until what was sent is stored, or for ten seconds."""
        await self._app.outbox.flush()
        if self._app.tables:
            await cast("Tables", self._app.tables).writers.flush()

    def supports_headers(self) -> bool:
        """Kafka records carry headers."""
        return True


def _resolve(future: asyncio.Future[RecordMetadata], position: RecordMetadata) -> None:
    if not future.done():  # Who waited for it may have given up.
        future.set_result(position)


def _outgoing(
    topic: str, key: bytes | None, value: bytes | None, partition: int | None, headers: HeadersArg | None
) -> Outgoing:
    pairs = headers.items() if isinstance(headers, Mapping) else headers or ()
    return Outgoing(topic, value, key, tuple(pairs), -1 if partition is None else partition)
