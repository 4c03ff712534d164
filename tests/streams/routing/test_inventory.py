"""The router's reader on a real broker."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient  # public, but not marked as re-exported
from prometheus_client import REGISTRY

from schemas import topics
from schemas.config import KafkaConfig
from streams.filters import View
from streams.routing import metrics
from streams.routing.inventory import Inventory
from tests.streams.routing.test_register import NOW, heartbeat, record
from tests.support import topics as kafka_topics
from tests.support.vcenter import wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.stack


@pytest.fixture
def config(kafka: str, prefix: str) -> KafkaConfig:
    kafka_topics.create(kafka, topics.inventory(prefix), partitions=1, **{"cleanup.policy": "compact"})
    return KafkaConfig(bootstrap=kafka, prefix=prefix, replication=1)


@pytest.fixture
def inventory(config: KafkaConfig) -> Iterator[Inventory]:
    with closing(Inventory(config, clock=lambda: NOW + 7)) as inventory:
        yield inventory


def write(config: KafkaConfig, *records: tuple[str, bytes | None]) -> None:
    producer = Producer({"bootstrap.servers": config.bootstrap, "acks": "all"})
    for key, value in records:
        producer.produce(topics.inventory(config.prefix), value, key)
    assert 0 == producer.flush(30)


def test_it_is_ready_when_all_that_was_there_is_read_and_then_follows(
    config: KafkaConfig, inventory: Inventory
) -> None:
    write(config, *((f"vc1/vm-{number}", record(f"web-{number}")) for number in range(2_000)), ("vc1/-", heartbeat()))
    assert ["the inventory has not been read to its end yet"] == inventory.problems()
    inventory.start()
    assert inventory.wait(30)
    assert ([], 2_000) == (inventory.problems(), len(inventory))
    write(config, ("vc1/vm-3", record("renamed")), ("vc1/vm-4", None))
    wait_for(lambda: len(inventory) == 1_999)
    entity = inventory.entity("vc1/vm-3")
    assert entity
    assert "renamed" == entity.name
    known = inventory.known("vc1/vm-3")
    assert (entity, 7.0, 7.0) == (known.entity, known.age, known.tags_age)


@pytest.mark.parametrize(("vcenter", "key"), [(b"vc1", "vc1/vm-7"), (None, None)])
def test_only_an_event_of_a_vcenter_is_about_an_entity(vcenter: bytes | None, key: str | None) -> None:
    view = View({"ce_partitionkey": b"vc1/vm-7", "ce_vcenter": vcenter}, None)
    assert key == Inventory(KafkaConfig(bootstrap="localhost:9092")).about(view).key


def test_an_empty_topic_is_read_to_its_end_too(inventory: Inventory) -> None:
    inventory.start()
    assert inventory.wait(30)
    assert {} == inventory.ages()


def test_ages_are_exported_by_vcenter(config: KafkaConfig, inventory: Inventory) -> None:
    write(config, ("vc1/-", heartbeat()), ("vc2/-", heartbeat(NOW - 60, None)))
    inventory.start()
    assert inventory.wait(30)

    def sample(name: str, vcenter: str) -> float | None:
        return REGISTRY.get_sample_value(f"reflexarc_inventory_{name}", {"vcenter": vcenter})

    assert None is sample("age_seconds", "vc1")
    with metrics.watching(inventory):
        assert (7.0, 67.0) == (sample("age_seconds", "vc1"), sample("age_seconds", "vc2"))
        assert (7.0, None) == (sample("tags_age_seconds", "vc1"), sample("tags_age_seconds", "vc2"))


def test_a_topic_that_is_missing_is_said_and_waited_for(kafka: str, prefix: str) -> None:
    config = KafkaConfig(bootstrap=kafka, prefix=prefix, replication=1)
    with closing(Inventory(config)) as inventory:
        inventory.start()
        wait_for(lambda: "run `reflexarc topics create`" in inventory.problems()[0])
        kafka_topics.create(kafka, topics.inventory(prefix))
        assert inventory.wait(30)
        assert [] == inventory.problems()


def test_a_topic_that_was_made_anew_is_read_from_its_beginning(config: KafkaConfig, inventory: Inventory) -> None:
    write(config, *((f"vc1/vm-{number}", record("old")) for number in range(50)))
    inventory.start()
    assert inventory.wait(30)
    name = topics.inventory(config.prefix)
    admin = AdminClient({"bootstrap.servers": config.bootstrap})
    admin.delete_topics([name])[name].result(30)
    wait_for(lambda: name not in admin.list_topics(timeout=10).topics)
    kafka_topics.create(config.bootstrap, name, partitions=3)
    write(config, ("vc1/vm-99", record("new")))
    wait_for(lambda: inventory.entity("vc1/vm-99") is not None, 60)
    assert 1 == len(inventory)
