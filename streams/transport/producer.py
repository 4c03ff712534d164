"""Faust's producer on the process's one idempotent publisher."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from faust.transport.producer import Producer as FaustProducer
from faust.types import TP
from faust.types.tuples import RecordMetadata

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Awaitable

    from faust.types import HeadersArg

    from streams.transport.app import TransportApp


class Producer(FaustProducer):
    """Sends with acks=all and idempotence; a refused record raises in whoever awaits the result."""

    mundane_level = "debug"

    async def send_and_wait(  # noqa: PLR0917 - Faust's signature
        self,
        topic: str,
        key: bytes | None,
        value: bytes | None,
        partition: int | None,  # noqa: ARG002 - the key decides
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
        publisher = cast("TransportApp", self.app).publisher
        pairs = list(headers.items() if isinstance(headers, Mapping) else headers or ())
        position = await publisher.publish(topic, value=value, key=key, headers=pairs)
        return RecordMetadata(topic, position.partition, TP(topic, position.partition), position.offset)

    async def send(self, *args: Any, **kwargs: Any) -> Awaitable[RecordMetadata]:
        """Publish one record; the returned awaitable is resolved by the broker's answer."""
        return cast("asyncio.Future[RecordMetadata]", self.add_future(self.send_and_wait(*args, **kwargs)))

    async def flush(self) -> None:
        """Wait for what tables and ``send_soon`` have buffered."""
        await self.buffer.flush()

    def key_partition(self, topic: str, key: bytes) -> TP:  # noqa: ARG002 - Faust's signature
        """Refuse: librdkafka's partitioner decides when the record is sent."""
        raise LookupError(f"{topic}: the partition of a key is known after publishing only")

    def supports_headers(self) -> bool:
        """Kafka records carry headers."""
        return True
