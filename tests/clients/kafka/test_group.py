from __future__ import annotations

from contextlib import closing

import pytest
from confluent_kafka import Consumer

from clients.kafka.group import Member, members
from schemas.config import KafkaConfig
from tests.support import topics

pytestmark = pytest.mark.stack


@pytest.fixture
def config(kafka: str, prefix: str) -> KafkaConfig:
    return KafkaConfig.model_validate({"bootstrap": kafka, "prefix": prefix})


def test_nobody_is_in_a_group_that_does_not_exist(config: KafkaConfig) -> None:
    assert [] == members(config, f"{config.prefix}.nobody", client_id="test")


def test_a_member_has_its_static_name_and_its_partitions(config: KafkaConfig) -> None:
    group, topic = f"{config.prefix}.group", f"{config.prefix}.topic"
    topics.create(config.bootstrap, topic, partitions=2)
    settings = {"bootstrap.servers": config.bootstrap, "group.id": group, "group.instance.id": "one"}
    with closing(Consumer(settings)) as consumer:
        consumer.subscribe([topic])
        while not consumer.assignment():
            consumer.poll(0.1)
        expected = [Member("one", frozenset({(topic, 0), (topic, 1)}))]
        assert expected == members(config, group, client_id="test")
