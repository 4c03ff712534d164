from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from confluent_kafka import Consumer, Producer

from clients.kafka import admin
from ingest.vcenter.position.checkpoint import Checkpoint
from ingest.vcenter.position.restore import restore
from schemas import topics
from schemas.config import KafkaConfig
from schemas.topics import Topic
from tests.ingest.vcenter.events import at

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.ops.cli.conftest import Outcome

    Command = Callable[..., Outcome]

KNOWN = Checkpoint(
    vcenter="old",
    instance_uuid="4c",
    incarnation=2,
    time=at(60),
    time_key=9,
    since=at(0),
    last_key=9,
    forgotten=3,
    seen=((4, 9),),
    selection="abc",
)


@pytest.fixture
def config(kafka: str, prefix: str) -> KafkaConfig:
    """The broker, with a position of the vCenter ``old``."""
    config = KafkaConfig.model_validate({"bootstrap": kafka, "prefix": prefix, "replication": 1})
    name = topics.checkpoints(prefix)
    topic = Topic(name=name, key="vCenter", partitions=1, replication=1, min_insync=1, cleanup="compact", holds="all")
    admin.create(config, [topic], report=lambda _: None)
    store(config, KNOWN)
    return config


def store(config: KafkaConfig, checkpoint: Checkpoint) -> None:
    producer = Producer({"bootstrap.servers": config.bootstrap})
    producer.produce(topics.checkpoints(config.prefix), checkpoint.dumps(), checkpoint.vcenter.encode())
    assert 0 == producer.flush(30)


@pytest.fixture
def configured(write: Callable[[str], Path], kafka: str, prefix: str) -> Callable[..., None]:
    def configure(*names: str) -> None:
        entries = ", ".join(
            f"{name}: {{url: 'https://{name}.example', username: u, password: '${{VC1_PASSWORD}}'}}" for name in names
        )
        write(f"kafka: {{bootstrap: '{kafka}', prefix: {prefix}, replication: 1}}\nvcenters: {{{entries}}}\n")

    return configure


@pytest.mark.stack
def test_the_position_moves_as_it_is(reflexarc: Command, configured: Callable[..., None], config: KafkaConfig) -> None:
    configured("new")
    outcome = reflexarc("vcenter", "rename", "old", "new")
    assert (0, "") == (outcome.code, outcome.err)
    moved = restore(config)
    assert ["new"] == list(moved)
    assert KNOWN == Checkpoint.loads(moved["new"].dumps().replace(b'"vcenter":"new"', b'"vcenter":"old"'))


@pytest.mark.stack
@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["old", "new"], "still has its old name"),
        (["other"], "has no new"),
    ],
)
def test_the_configuration_has_the_new_name_first(
    reflexarc: Command, configured: Callable[..., None], config: KafkaConfig, names: list[str], words: str
) -> None:
    configured(*names)
    outcome = reflexarc("vcenter", "rename", "old", "new")
    assert (2, ["old"]) == (outcome.code, list(restore(config)))
    assert words in outcome.err


@pytest.mark.stack
def test_a_position_is_neither_overwritten_nor_made_up(
    reflexarc: Command, configured: Callable[..., None], config: KafkaConfig
) -> None:
    configured("new")
    missing = reflexarc("vcenter", "rename", "never", "new")
    assert 4 == missing.code
    assert "vCenter never has no position — known: old" in missing.err
    store(config, Checkpoint.first("new", "4c", at(0)))
    taken = reflexarc("vcenter", "rename", "old", "new")
    assert (4, ["new", "old"]) == (taken.code, sorted(restore(config)))
    assert "has a position of its own" in taken.err


@pytest.mark.stack
def test_it_is_refused_while_an_ingest_is_in_its_group(
    reflexarc: Command, configured: Callable[..., None], config: KafkaConfig
) -> None:
    configured("new")
    group = topics.group(config.prefix, topics.INGEST_VCENTER)
    member = Consumer({"bootstrap.servers": config.bootstrap, "group.id": group})
    member.subscribe([topics.checkpoints(config.prefix)])
    while not member.assignment():
        member.poll(0.1)
    outcome = reflexarc("vcenter", "rename", "old", "new")
    member.close()
    assert (4, ["old"]) == (outcome.code, list(restore(config)))
    assert "an ingest is running" in outcome.err
