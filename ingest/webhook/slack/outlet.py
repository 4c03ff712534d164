"""The way of commands to Kafka: soon or not at all, for a person waits, and a command that comes late is a danger."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

from clients.kafka.publisher import Publisher
from ingest.webhook.intake import Intake
from ingest.webhook.slack.answers import PATIENCE
from schemas import topics

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from ingest.webhook.intake import Batches
    from schemas.config import KafkaConfig
    from schemas.topics import Topic

DELIVERY: Final = 2_300
"""Milliseconds until what no broker has taken is given up: before the person is told to try again."""

_ALIAS: Final = "message.timeout.ms"
"""Another name of the same property, which would win."""


@asynccontextmanager
async def commanding(config: KafkaConfig, topic: Topic, batches: Batches) -> AsyncIterator[Intake]:
    """Yield where commands go, with a producer of its own.

    Raises:
        ConfigError: librdkafka does not take an option.
        Refused: the password cannot be read.
    """
    options = {name: value for name, value in config.options.items() if name != _ALIAS}
    hurried = config.model_copy(update={"options": {**options, "delivery.timeout.ms": DELIVERY}})
    publisher = Publisher(hurried, client_id=topics.INGEST_WEBHOOK, topics=[topic])
    await publisher.start()
    try:
        yield Intake(publisher, batches, topic=topic, patience=PATIENCE)
    finally:
        await publisher.close()
