"""Faust on its own transport that publishes with librdkafka: acknowledged from the delivery report."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import uvloop
from confluent_kafka import KafkaError, KafkaException, Message, Producer

from bench.transport import stock
from bench.transport.task import Task
from clients.kafka import options

if TYPE_CHECKING:
    from bench.transport.stock import Handle

LINGER_MS = 5
IDLE = 0.005


def producing(producer: Producer, target: str) -> Handle:
    """Publish an event with librdkafka."""

    async def produce(event: Any) -> None:
        def reported(error: KafkaError | None, _message: Message) -> None:
            if error is not None:
                raise KafkaException(error)
            event.ack()

        message = event.message
        while True:
            try:
                producer.produce(target, message.value, message.key, headers=event.headers, on_delivery=reported)
            except BufferError:
                producer.poll(0)
                await asyncio.sleep(IDLE)
            else:
                producer.poll(0)
                return

    return produce


async def main(task: Task) -> None:
    """Work for ever."""
    producer = Producer({**options.producer(task.kafka, client_id=task.group), "linger.ms": LINGER_MS})
    app = stock.application(task)
    stock.forward(app, task, producing(producer, task.target or ""))
    await app.start()
    while True:
        producer.poll(0)
        await asyncio.sleep(IDLE)


if __name__ == "__main__":
    uvloop.run(main(Task.of_argv()))
