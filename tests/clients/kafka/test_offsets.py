from __future__ import annotations

from contextlib import closing

import pytest
from confluent_kafka import Consumer

from clients.kafka.offsets import begin_at, positions
from schemas.config import KafkaConfig
from tests.support import topics

pytestmark = pytest.mark.stack


@pytest.fixture
def config(kafka: str, prefix: str) -> KafkaConfig:
    topics.create(kafka, f"{prefix}.topic", partitions=2)
    return KafkaConfig.model_validate({"bootstrap": kafka, "prefix": prefix})


def committed(config: KafkaConfig, topic: str = "topic") -> dict[int, int]:
    return positions(config, f"{config.prefix}.group", f"{config.prefix}.{topic}", client_id="test")


def begin(config: KafkaConfig, offsets: dict[int, int]) -> None:
    begin_at(config, f"{config.prefix}.group", f"{config.prefix}.topic", offsets, client_id="test")


def test_a_group_that_does_not_exist_has_come_nowhere(config: KafkaConfig) -> None:
    assert {} == committed(config)


def test_in_a_topic_that_does_not_exist_nobody_has_come_anywhere(config: KafkaConfig) -> None:
    assert {} == committed(config, "other")


def test_a_group_without_members_begins_where_it_is_told_to(config: KafkaConfig) -> None:
    begin(config, {0: 7})
    assert {0: 7} == committed(config)
    begin(config, {0: 3, 1: 4})
    assert {0: 3, 1: 4} == committed(config)


def test_a_group_with_a_member_stays_as_it_is(config: KafkaConfig) -> None:
    group, topic = f"{config.prefix}.group", f"{config.prefix}.topic"
    begin(config, {0: 0, 1: 0})
    with closing(Consumer({"bootstrap.servers": config.bootstrap, "group.id": group})) as consumer:
        consumer.subscribe([topic])
        while not consumer.assignment():
            consumer.poll(0.1)
        begin(config, {0: 5, 1: 5})
        assert {0: 0, 1: 0} == committed(config)
