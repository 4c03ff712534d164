"""A consumer that joins no group: who looks into topics, or asks after a group, without moving anything."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from confluent_kafka import Consumer, KafkaException

from clients.kafka import options
from clients.kafka.errors import Connection, explain, reason

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schemas.config import KafkaConfig


@contextmanager
def observer(config: KafkaConfig, group: str, *, client_id: str, doing: str, **also: Any) -> Iterator[Any]:
    """The consumer of confluent-kafka while the body runs; what Kafka refuses there becomes an instruction.

    Args:
        config: the ``kafka`` part of the configuration.
        group: in whose name; librdkafka asks for its coordinator, which needs Describe.
        client_id: what the brokers call it.
        doing: the interrupted act, such as ``read reflexarc.events``.
        also: further properties, with underscores for dots.

    Raises:
        ReflexarcError: as ``explain`` says, for whatever ``KafkaException`` ends the body.
    """
    heard = Connection()
    given = options.consumer(config, group, client_id=client_id, on_error=heard.heard)
    properties = given | {name.replace("_", "."): value for name, value in also.items()}
    consumer: Any = options.construct(Consumer, properties)
    try:
        yield consumer
    except KafkaException as error:
        raise explain(reason(error), doing=doing, config=config, connection=heard) from error
    finally:
        consumer.close()
