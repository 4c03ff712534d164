"""The bare library: consume, add the router's headers, produce; no group, no commits, no decision, no waiting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from confluent_kafka import Producer

from bench import bare
from bench.push import push
from bench.transport.task import Task
from clients.kafka import options
from schemas.deadletters import ORIGIN
from streams.delivery.origins import WRITTEN
from streams.routing.choice import ROUTES

if TYPE_CHECKING:
    from confluent_kafka import Message

CHUNK = 1000
ROUTE = b"route-0"


def main(task: Task) -> NoReturn:
    """Work for ever."""
    consumer = bare.reader(task.kafka, task.source)
    producer = Producer(options.producer(task.kafka, client_id="bare"))
    while True:
        for message in consumer.consume(CHUNK, 0.1):
            assert message.error() is None, message.error()
            push(producer, task.target or "", message.value(), message.key(), headed(message))


def headed(message: Message) -> list[Any]:
    """The headers of a record, and those that the router adds."""
    origin = f"{message.partition()}/{message.offset()}".encode()
    at = str(message.timestamp()[1]).encode()
    return [*(message.headers() or ()), (ROUTES, ROUTE), (ORIGIN, origin), (WRITTEN, at)]


if __name__ == "__main__":
    main(Task.of_argv())
