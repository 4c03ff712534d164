"""What must be at the broker before the first message: exchange, queue, bindings."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aio_pika.abc import AbstractChannel
    from pamqp.common import FieldValue

    from sinks.rabbitmq.config import RabbitMqConfig
    from sinks.rabbitmq.declare import DeclareConfig


async def establish(channel: AbstractChannel, config: RabbitMqConfig, exchange: str | None) -> None:
    """Create what the configuration says, and see that the rest is there.

    Doing it again changes nothing. The broker closes the channel when something is missing or is there in another form;
    the exception of aio-pika says which.

    Args:
        channel: one that no message is under way on.
        config: the sink's.
        exchange: the exchange of every message; None when it depends on the event, or when there is a queue instead.
    """
    declare = config.declare
    if config.queue is not None:
        if declare is not None:
            await channel.declare_queue(config.queue, durable=True, arguments=_arguments(declare))
        else:
            await channel.get_queue(config.queue)
    elif exchange is not None:
        if declare is not None and declare.exchange is not None:
            await channel.declare_exchange(exchange, declare.exchange, durable=True)
        else:
            await channel.get_exchange(exchange)
        if declare is not None and declare.queue is not None:
            queue = await channel.declare_queue(declare.queue, durable=True, arguments=_arguments(declare))
            for key in declare.bindings:
                await queue.bind(exchange, key)


def _arguments(declare: DeclareConfig) -> dict[str, FieldValue] | None:
    return {"x-queue-type": "quorum"} if declare.queue_type == "quorum" else None
