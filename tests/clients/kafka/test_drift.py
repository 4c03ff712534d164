from __future__ import annotations

from dataclasses import replace

import pytest

from clients.kafka.drift import TopicState, compare
from schemas.topics import FOREVER, Topic

EVENTS = Topic(
    name="dc.events",
    key="partitionkey",
    partitions=6,
    replication=3,
    min_insync=2,
    retention_ms=604_800_000,
    holds="every event",
)
LETTERS = replace(EVENTS, name="dc.dlq.a", retention_ms=FOREVER)


def state(topic: Topic = EVENTS, *, partitions: int = 6, replication: int = 3, **settings: str) -> TopicState:
    spelled = {name.replace("_", "."): value for name, value in settings.items()}
    return TopicState(topic=topic, partitions=partitions, replication=replication, settings=topic.settings | spelled)


def test_a_topic_as_the_table_says_has_no_drift() -> None:
    assert () == compare(state())


def test_a_missing_topic_is_one_difference() -> None:
    (drift,) = compare(TopicState(topic=EVENTS))
    assert ("missing", "dc.events does not exist", True) == (drift.kind, str(drift), drift.endangers)
    assert "topics create" in drift.cure


@pytest.mark.parametrize("partitions", [5, 7])
def test_another_number_of_partitions_moves_keys_and_names_the_procedure(partitions: int) -> None:
    (drift,) = compare(state(partitions=partitions))
    assert ("partitions", True) == (drift.kind, drift.endangers)
    assert f"has {partitions} partitions instead of 6" in drift.what
    assert f"kafka.partitions: {partitions}" in drift.cure
    assert "stop ingest" in drift.cure


def test_a_topic_of_one_partition_cannot_be_widened_by_configuration() -> None:
    (drift,) = compare(state(replace(EVENTS, partitions=1), partitions=3))
    assert "kafka.partitions" not in drift.cure


@pytest.mark.parametrize(("copies", "kinds"), [(2, ["replication"]), (3, []), (4, [])])
def test_fewer_copies_than_asked_for_endanger_events(copies: int, kinds: list[str]) -> None:
    assert kinds == [drift.kind for drift in compare(state(replication=copies))]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("min_insync_replicas", "1"),
        ("cleanup_policy", "compact"),
        ("cleanup_policy", "compact,delete"),
        ("unclean_leader_election_enable", "true"),
        ("max_message_bytes", "1000"),
        ("retention_bytes", "1073741824"),
    ],
)
def test_a_setting_that_loses_or_refuses_records_endangers_a_promise(name: str, value: str) -> None:
    (drift,) = compare(state(**{name: value}))
    setting = name.replace("_", ".")
    assert ("setting", True) == (drift.kind, drift.endangers)
    assert f"has {setting}={value} instead of {EVENTS.settings[setting]}" == drift.what
    assert f"--entity-name dc.events --add-config {setting}={EVENTS.settings[setting]}" in drift.cure


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("min_insync_replicas", "3"),
        ("max_message_bytes", "10000000"),
        ("retention_ms", "604800001"),
        ("retention_ms", "-1"),
        ("compression_type", "zstd"),
        ("segment_bytes", "1000000"),
    ],
)
def test_more_than_asked_for_is_no_drift(name: str, value: str) -> None:
    assert () == compare(state(**{name: value}))


def test_events_that_go_sooner_are_reported_but_endanger_nothing() -> None:
    (drift,) = compare(state(retention_ms="3600000"))
    assert not drift.endangers


def test_dead_letters_that_go_at_all_endanger_a_promise() -> None:
    (drift,) = compare(state(LETTERS, retention_ms="604800000"))
    assert drift.endangers


def test_every_difference_is_found_at_once() -> None:
    found = compare(state(partitions=1, replication=1, min_insync_replicas="1", retention_ms="1"))
    assert ["partitions", "replication", "setting", "setting"] == [drift.kind for drift in found]


def test_shards_of_another_number_would_give_a_vcenter_two_owners() -> None:
    shards = Topic(name="t", key="-", partitions=64, replication=3, min_insync=2, holds="nothing", empty=True)
    (drift,) = compare(state(shards, partitions=32))
    assert drift.endangers
    assert "has 32 partitions instead of 64: a vCenter would have two owners" == drift.what
    assert drift.cure.startswith("stop every `ingest vcenter`, delete the topic")
