"""The least that a hop can cost: consume, copy, produce, on the bare library with the router's own properties.

``python -m bench.bare CONFIG SOURCE TARGET`` copies every record of SOURCE to TARGET until it is ended. No group, no
commits, no decision; key, value and headers are copied, acks=all and idempotence as everywhere.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from confluent_kafka import OFFSET_BEGINNING, Consumer, Producer, TopicPartition

from clients.kafka import options
from schemas.config import load
from sinks.registry import SINKS, model

if TYPE_CHECKING:
    from confluent_kafka import Message

CHUNK = 500


def copy(producer: Producer, message: Message, target: str) -> None:
    """Produce one message again, waiting while the producer's queue is full."""
    while True:
        try:
            producer.produce(target, message.value(), message.key(), headers=message.headers())
        except BufferError:
            producer.poll(0.01)
        else:
            return


def main(config: Path, source: str, target: str) -> None:
    """Copy for ever."""
    kafka = load(config, sink_models=model, sink_types=tuple(SINKS)).kafka
    consumer = Consumer(options.consumer(kafka, f"{kafka.prefix}.bare", client_id="bare"))
    producer = Producer(options.producer(kafka, client_id="bare"))
    partitions = consumer.list_topics(source, timeout=30).topics[source].partitions
    consumer.assign([TopicPartition(source, number, OFFSET_BEGINNING) for number in partitions])
    while True:
        for message in consumer.consume(CHUNK, 0.1):
            assert message.error() is None, message.error()
            copy(producer, message, target)
            producer.poll(0)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
