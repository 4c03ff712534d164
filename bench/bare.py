"""The least that a hop can cost: consume, copy, produce, on the bare library with the router's own properties.

``python -m bench.bare CONFIG SOURCE TARGET`` copies every record of SOURCE to TARGET until it is ended. No group, no
commits, no decision; key, value and headers are copied, acks=all and idempotence as everywhere.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from confluent_kafka import OFFSET_BEGINNING, Consumer, Producer, TopicPartition

from bench.push import push
from clients.kafka import options
from schemas.config import load
from sinks.registry import SINKS, model

if TYPE_CHECKING:
    from schemas.config import KafkaConfig

CHUNK = 500


# What the product sets for the sake of speed; without them the library is as it comes.
TUNING = ("fetch.queue.backoff.ms", "queued.max.messages.kbytes", "queued.min.messages")


def reader(kafka: KafkaConfig, source: str, *, tuned: bool = True) -> Consumer:
    """A consumer that has all of a topic before it, outside any group."""
    given = options.consumer(kafka, f"{kafka.prefix}.bare", client_id="bare")
    consumer = Consumer({name: value for name, value in given.items() if tuned or name not in TUNING})
    partitions = consumer.list_topics(source, timeout=30).topics[source].partitions
    consumer.assign([TopicPartition(source, number, OFFSET_BEGINNING) for number in partitions])
    return consumer


def forward(kafka: KafkaConfig, source: str, target: str, *, tuned: bool = True) -> NoReturn:
    """Copy for ever."""
    consumer = reader(kafka, source, tuned=tuned)
    producer = Producer(options.producer(kafka, client_id="bare"))
    while True:
        for message in consumer.consume(CHUNK, 0.1):
            assert message.error() is None, message.error()
            push(producer, target, message.value(), message.key(), message.headers())


if __name__ == "__main__":
    config = load(Path(sys.argv[1]), sink_models=model, sink_types=tuple(SINKS))
    forward(config.kafka, sys.argv[2], sys.argv[3])
