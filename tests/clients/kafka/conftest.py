from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from clients.kafka.publisher import Publisher
from schemas.config import KafkaConfig
from tests.support import topics

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@pytest.fixture
def config(kafka: str, prefix: str) -> KafkaConfig:
    return KafkaConfig(bootstrap=kafka, prefix=prefix, partitions=3, replication=1)


@pytest.fixture
def topic(kafka: str, prefix: str) -> str:
    name = f"{prefix}.topic"
    topics.create(kafka, name, partitions=3)
    return name


@pytest.fixture
def small(kafka: str, prefix: str) -> str:
    """A topic that takes at most 5,000 bytes at once."""
    name = f"{prefix}.small"
    topics.create(kafka, name, **{"max.message.bytes": "5000"})
    return name


@pytest.fixture
async def publisher(config: KafkaConfig) -> AsyncIterator[Publisher]:
    publisher = Publisher(config, client_id="test")
    await publisher.start()
    yield publisher
    await publisher.close()
