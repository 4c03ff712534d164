"""A few records of the operator's, published at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clients.kafka.errors import PublishRejected
from clients.kafka.publisher import Publisher
from schemas import topics

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clients.kafka.record import Outgoing, Position
    from schemas.config import KafkaConfig


async def publish(config: KafkaConfig, records: Sequence[Outgoing]) -> list[Position]:
    """Where each of them came to rest.

    Raises:
        PublishRejected: one of them is never taken.
        Refused: a topic or an ACL is missing.
        Unreachable: the brokers are away.
    """
    publisher = Publisher(config, client_id=topics.group(config.prefix, topics.OPERATOR))
    await publisher.start()
    positions = []
    try:
        for result in await publisher.publish_many(records):
            if isinstance(result, PublishRejected):
                raise result
            positions.append(result)
    finally:
        await publisher.close()
    return positions
