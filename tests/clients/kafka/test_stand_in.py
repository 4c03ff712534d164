from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from confluent_kafka import Producer

from clients.kafka import admin
from clients.kafka.log import LOGGER
from schemas.config import Config, KafkaConfig
from schemas.topics import table

if TYPE_CHECKING:
    from collections.abc import Callable

    Verify = Callable[..., object]


@pytest.fixture
def broker() -> Producer:
    """Librdkafka's in-process broker, for as long as this producer is referenced."""
    return Producer({"bootstrap.servers": "", "test.mock.num.brokers": 1, "logger": LOGGER})


@pytest.mark.parametrize("ask", [admin.create, admin.verify])
def test_topics_of_the_stand_in_exist_and_are_not_compared(broker: Producer, ask: Verify) -> None:
    (address,) = broker.list_topics(timeout=10).brokers.values()
    config = Config(kafka=KafkaConfig(bootstrap=f"{address.host}:{address.port}"))
    said: list[str] = []
    ask(config.kafka, table(config), report=said.append)
    assert [admin.STAND_IN] == said
    assert {topic.name for topic in table(config)} <= set(broker.list_topics(timeout=10).topics)
