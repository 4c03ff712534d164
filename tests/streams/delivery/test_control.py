"""Paused sinks as delivery knows them, on a real broker."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from queue import SimpleQueue
from typing import TYPE_CHECKING

import pytest
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient  # public, but not marked as re-exported

from schemas import topics
from schemas.config import KafkaConfig
from schemas.control import UNREADABLE, Pause, key
from streams.delivery.control import Control
from tests.support import topics as kafka_topics
from tests.support.vcenter import wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.stack

PAUSE = Pause(actor="eve@host", reason="maintenance", since=datetime(2026, 1, 2, 12, tzinfo=UTC))


@pytest.fixture
def config(kafka: str, prefix: str) -> KafkaConfig:
    kafka_topics.create(kafka, topics.control(prefix), partitions=1, **{"cleanup.policy": "compact"})
    return KafkaConfig(bootstrap=kafka, prefix=prefix, replication=1)


@pytest.fixture
def changes() -> SimpleQueue[str]:
    return SimpleQueue()


@pytest.fixture
def control(config: KafkaConfig, changes: SimpleQueue[str]) -> Iterator[Control]:
    group = topics.group(config.prefix, topics.DELIVER)
    with closing(Control(config, group=group, changed=changes.put)) as control:
        yield control


def write(config: KafkaConfig, *records: tuple[bytes, bytes | None]) -> None:
    producer = Producer({"bootstrap.servers": config.bootstrap, "acks": "all"})
    for name, value in records:
        producer.produce(topics.control(config.prefix), value, name)
    assert 0 == producer.flush(30)


def test_who_has_waited_knows_every_pause_that_was_there(config: KafkaConfig, control: Control) -> None:
    """The last record of a sink counts; what concerns no sink is passed by."""
    served = (key("b"), PAUSE.encode()), (key("b"), None)
    write(config, (key("a"), PAUSE.encode()), *served, (b"something/else", b"?"))
    assert ["which sinks are paused has not been read yet"] == control.problems()
    control.start()
    assert control.wait(30)
    assert (True, False, False) == (control.paused("a"), control.paused("b"), control.paused("c"))
    assert ({"a": PAUSE}, []) == (control.pauses(), control.problems())


def test_an_empty_topic_pauses_nobody(control: Control) -> None:
    """Nothing was ever switched off."""
    control.start()
    assert control.wait(30)
    assert {} == control.pauses()


def test_every_change_is_told_when_the_answer_is_the_new_one(
    config: KafkaConfig, control: Control, changes: SimpleQueue[str]
) -> None:
    """Whoever waits for the word may ask at once."""
    control.start()
    assert control.wait(30)
    write(config, (key("a"), PAUSE.encode()))
    assert ("a", True) == (changes.get(timeout=30), control.paused("a"))
    write(config, (key("a"), None))
    assert ("a", False) == (changes.get(timeout=30), control.paused("a"))


def test_a_record_that_cannot_be_read_pauses_its_sink(config: KafkaConfig, control: Control) -> None:
    """A newer release may have written it, and meant it."""
    write(config, (key("a"), b'{"v": 99}'))
    control.start()
    assert control.wait(30)
    assert {"a": UNREADABLE} == control.pauses()


def test_the_last_known_state_holds_while_the_topic_cannot_be_read(
    config: KafkaConfig, control: Control, changes: SimpleQueue[str]
) -> None:
    """A topic that is gone resumes nobody; one that is made anew, and shorter, is read from its beginning."""
    write(config, *[(key("a"), PAUSE.encode())] * 50)
    control.start()
    assert "a" == changes.get(timeout=30)
    name = topics.control(config.prefix)
    admin = AdminClient({"bootstrap.servers": config.bootstrap})
    admin.delete_topics([name])[name].result(30)
    wait_for(lambda: name not in admin.list_topics(timeout=10).topics)
    assert control.paused("a")
    kafka_topics.create(config.bootstrap, name)
    write(config, (key("b"), PAUSE.encode()))
    assert ["a", "b"] == [changes.get(timeout=60), changes.get(timeout=60)]
    assert {"b": PAUSE} == control.pauses()


def test_a_topic_that_is_missing_is_said_and_waited_for(kafka: str, prefix: str) -> None:
    """Health names the cure."""
    config = KafkaConfig(bootstrap=kafka, prefix=prefix, replication=1)
    with closing(Control(config, group=topics.group(prefix, topics.DELIVER))) as control:
        control.start()
        wait_for(lambda: "run `reflexarc topics create`" in control.problems()[0])
        kafka_topics.create(kafka, topics.control(prefix))
        assert control.wait(30)
        assert [] == control.problems()
