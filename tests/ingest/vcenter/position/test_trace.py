from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from confluent_kafka import Producer

from clients.kafka import admin
from ingest.vcenter.position import trace
from ingest.vcenter.position.checkpoint import Place
from ingest.vcenter.position.footprints import Footprint
from ingest.vcenter.publishing.recorder import Recorder
from ingest.vcenter.tailing import notices
from schemas import topics
from schemas.config import KafkaConfig
from schemas.topics import Topic
from tests.ingest.vcenter.events import at, event
from tests.support.vcenter import vcenter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from clients.kafka.record import Outgoing

pytestmark = pytest.mark.stack

DEAD = Topic(name="unused", key="unchanged", partitions=1, replication=1, min_insync=1, holds="nothing")


@pytest.fixture
def config(kafka: str, prefix: str) -> KafkaConfig:
    return KafkaConfig.model_validate({"bootstrap": kafka, "prefix": prefix, "partitions": 3, "replication": 1})


@pytest.fixture
def events(config: KafkaConfig) -> Topic:
    topic = Topic(
        name=topics.events(config.prefix), key="partitionkey", partitions=3, replication=1, min_insync=1, holds="events"
    )
    admin.create(config, [topic], report=lambda _: None)
    return topic


def recorder(name: str, events: Topic) -> Recorder:
    return Recorder(vcenter(name), events=events, dead_letters=DEAD)


def record(name: str, events: Topic, key: int, seconds: float, incarnation: int = 0, **fields: Any) -> Outgoing:
    return recorder(name, events).record(event(key, seconds, **fields), incarnation=incarnation, api_version="8")


def write(kafka: str, records: Iterable[Outgoing]) -> None:
    producer = Producer({"bootstrap.servers": kafka, "partitioner": "murmur2_random", "linger.ms": 5})
    for each in records:
        producer.produce(each.topic, each.value, each.key, headers=list(each.headers), partition=each.partition)
        producer.poll(0)
    assert 0 == producer.flush(30)


def find(config: KafkaConfig, *names: str, stopped: Callable[[], bool] = lambda: False) -> dict[str, trace.Trace]:
    return trace.find(config, names, stopped=stopped)


def test_an_empty_topic_holds_no_trace(config: KafkaConfig, events: Topic) -> None:
    assert events.name
    assert {} == find(config, "vc1")


def test_the_last_event_is_found_in_whatever_partition_with_the_keys_before_it(
    config: KafkaConfig, kafka: str, events: Topic
) -> None:
    write(
        kafka,
        [
            *(record("vc1", events, key, key, entity=f"vm-{key}") for key in range(1, 101)),
            *(record("vc2", events, key, 900, incarnation=3) for key in range(5)),
        ],
    )
    found = find(config, "vc1", "vc9")
    assert {"vc1"} == found.keys()
    position = found["vc1"].events.checkpoint("vc1", "4c")
    assert (at(100), 100, 100, 39, ((40, 100),), at(40)) == (
        position.time,
        position.time_key,
        position.last_key,
        position.forgotten,
        position.seen,
        position.since,
    )


def test_the_last_incarnation_counts_and_not_the_greatest_key(config: KafkaConfig, kafka: str, events: Topic) -> None:
    write(
        kafka,
        [record("vc1", events, 1000, 50), record("vc1", events, 3, 60, incarnation=1), record("vc1", events, 999, 55)],
    )
    assert Footprint(1, at(60), 3) == find(config, "vc1")["vc1"].events.last


def test_notices_and_events_of_others_are_no_trace(config: KafkaConfig, kafka: str, events: Topic) -> None:
    told = recorder("vc1", events).notice(notices.stall(Place(0, 7, at(7)), newest=8))
    foreign = record("vc2", events, 7, 7)
    spoilt = [foreign._replace(headers=()), foreign._replace(headers=[("ce_vcenter", b"vc1"), ("ce_id", b"vc1/x/y")])]
    write(kafka, [told, foreign, *spoilt])
    assert {} == find(config, "vc1")


def test_beyond_the_bound_it_is_not_known_whether_there_is_an_event(
    config: KafkaConfig, kafka: str, events: Topic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trace, "PORTIONS", (10, 20))
    records = [record("vc1", events, 1, 1), *(record("vc2", events, key, key) for key in range(2, 100))]
    write(kafka, [each._replace(partition=0) for each in records])
    found = find(config, "vc1", "vc2")
    assert (None, Footprint(0, at(99), 99)) == (found["vc1"].events, found["vc2"].events.last)
    assert 30 == found["vc1"].searched


def test_it_reads_no_more_than_it_needs(
    config: KafkaConfig, kafka: str, events: Topic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trace, "PORTIONS", (10, 1000))
    write(kafka, [record("vc1", events, key, key) for key in range(100)])
    # They have all arrived just now, long after what happened in the look-back: older ones cannot be told apart.
    assert 100 == find(config, "vc1")["vc1"].searched
    monkeypatch.setattr(trace, "SKEW", -timedelta(days=36500).total_seconds())
    assert 10 == find(config, "vc1")["vc1"].searched


def test_whoever_is_asked_to_stop_knows_nothing_for_certain(config: KafkaConfig, kafka: str, events: Topic) -> None:
    write(kafka, [record("vc2", events, 1, 1)])
    assert None is find(config, "vc1", stopped=lambda: True)["vc1"].events
