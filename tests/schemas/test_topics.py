from __future__ import annotations

import re

import pytest

from schemas import topics
from schemas.config import Config, KafkaConfig, RouteConfig, SinkConfig, WebhookConfig
from schemas.topics import EVENT_BYTES, FOREVER, HEADROOM, Topic
from sinks.analytics import AnalyticsConfig
from tests.support import slack


def configured(*sinks: str, webhook: WebhookConfig | None = None, **kafka: object) -> Config:
    return Config(
        kafka=KafkaConfig.model_validate({"bootstrap": "localhost:9092", **kafka}),
        sinks={name: SinkConfig(name=name, type="http") for name in sinks},
        webhook=webhook,
    )


def tables(config: Config) -> dict[str, Topic]:
    return {topic.name: topic for topic in topics.table(config)}


def test_every_sink_has_its_topic_and_its_dead_letters() -> None:
    expected = [
        "dc.events",
        "dc.checkpoints",
        "dc.assignments",
        "dc.inventory",
        "dc.sink.functions",
        "dc.sink.audit",
        "dc.dlq.functions",
        "dc.dlq.audit",
        "dc.dlq.ingest",
        "dc.dlq.router",
        "dc.audit",
        "dc.control",
    ]
    assert expected == list(tables(configured("functions", "audit", prefix="dc")))


def test_an_installation_without_sinks_still_has_a_place_for_what_is_no_event() -> None:
    names = ("events", "checkpoints", "assignments", "inventory", "dlq.ingest", "dlq.router", "audit", "control")
    assert {f"reflexarc.{name}" for name in names} == set(tables(configured()))


def test_production_keeps_three_copies_and_two_must_confirm() -> None:
    assert {(3, 2)} == {(topic.replication, topic.min_insync) for topic in topics.table(configured("a"))}


def test_a_single_broker_keeps_and_confirms_one_copy() -> None:
    table = topics.table(configured("a", replication=1))
    assert {(1, 1)} == {(topic.replication, topic.min_insync) for topic in table}


def test_topics_of_events_share_one_number_of_partitions_the_others_have_their_own() -> None:
    partitions = {name: topic.partitions for name, topic in tables(configured("a", partitions=12)).items()}
    assert (1, 64) == (partitions.pop("reflexarc.checkpoints"), partitions.pop("reflexarc.assignments"))
    assert (1, 1) == (partitions.pop("reflexarc.inventory"), partitions.pop("reflexarc.control"))
    assert {12} == set(partitions.values())


def test_events_wait_for_the_retention_and_dead_letters_for_ever() -> None:
    kept = {name: topic.retention_ms for name, topic in tables(configured("a", retention="2d")).items()}
    expected = {
        "reflexarc.events": 172_800_000,
        "reflexarc.sink.a": 172_800_000,
        "reflexarc.checkpoints": FOREVER,
        "reflexarc.assignments": FOREVER,
        "reflexarc.inventory": FOREVER,
        "reflexarc.dlq.a": FOREVER,
        "reflexarc.dlq.ingest": FOREVER,
        "reflexarc.dlq.router": FOREVER,
        "reflexarc.audit": 400 * 86_400_000,
        "reflexarc.control": FOREVER,
    }
    assert expected == kept


def test_only_what_is_known_by_its_last_word_is_compacted() -> None:
    compacted = [name for name, topic in tables(configured("a")).items() if topic.cleanup == "compact"]
    assert ["reflexarc.checkpoints", "reflexarc.inventory", "reflexarc.control"] == compacted


def test_a_record_fits_wherever_an_event_goes_next() -> None:
    limits = {name: topic.max_message_bytes for name, topic in tables(configured("a")).items()}
    assert EVENT_BYTES + HEADROOM == limits["reflexarc.events"]
    assert limits["reflexarc.events"] + HEADROOM == limits["reflexarc.sink.a"]
    assert limits["reflexarc.sink.a"] + HEADROOM == limits["reflexarc.dlq.a"] == limits["reflexarc.dlq.ingest"]


@pytest.mark.parametrize(("max_body", "expected"), [(4 * 2**20, 4 * 2**20), (1024, EVENT_BYTES)])
def test_a_larger_webhook_body_raises_the_limit_and_a_smaller_one_does_not_lower_it(
    max_body: int, expected: int
) -> None:
    table = tables(configured(webhook=WebhookConfig(max_body=max_body)))
    assert expected + HEADROOM == table["reflexarc.events"].max_message_bytes


def test_settings_spell_out_every_promise() -> None:
    expected = {
        "cleanup.policy": "delete",
        "max.message.bytes": str(EVENT_BYTES + HEADROOM),
        "min.insync.replicas": "2",
        "retention.bytes": "-1",
        "retention.ms": "604800000",
        "unclean.leader.election.enable": "false",
    }
    assert expected == tables(configured())["reflexarc.events"].settings


def test_a_compacted_topic_rolls_small_segments() -> None:
    assert "16777216" == tables(configured())["reflexarc.checkpoints"].settings["segment.bytes"]


def test_the_longest_configurable_names_are_kafka_names() -> None:
    table = topics.table(configured("s" * 100, prefix="p" * 80))
    assert [] == [topic.name for topic in table if not re.fullmatch(r"[A-Za-z0-9._-]{1,249}", topic.name)]


def test_groups_and_transactional_ids_start_with_the_prefix() -> None:
    config = configured(prefix="dc")
    assert ("dc.ingest-vcenter", "dc.router", "dc.deliver") == topics.groups(config)
    assert ("dc.ingest-vcenter", "dc.ingest-webhook") == topics.transactional_ids(config)
    assert "dc.ingest-vcenter.host-0" == topics.transactional_id("dc", topics.INGEST_VCENTER, "host-0")


def test_only_what_processes_share_is_never_written_to() -> None:
    assert ["reflexarc.assignments"] == [name for name, topic in tables(configured("a")).items() if topic.empty]


def test_commands_have_a_topic_where_an_endpoint_takes_some_and_are_gone_within_the_hour() -> None:
    webhook = WebhookConfig.model_validate({"endpoints": {"slack": slack.endpoint()}})
    more = tables(configured("a", prefix="dc", retention="7d", webhook=webhook))
    commands = more["dc.commands"]

    assert {"dc.commands"} == set(more) - set(tables(configured("a", prefix="dc")))
    # Kafka deletes a whole segment, and looks every five minutes.
    assert commands.retention_ms + int(commands.settings["segment.ms"]) + 300_000 <= 3_600_000
    assert EVENT_BYTES + HEADROOM == commands.max_message_bytes


def throttled(**kafka: object) -> Config:
    route = RouteConfig.model_validate({"name": "storm", "to": "a", "throttle": {"once_after": "1h"}})
    return configured("a", prefix="dc", **kafka).model_copy(update={"routes": (route,)})


def test_a_throttled_route_has_a_topic_a_group_and_transactions() -> None:
    more = set(tables(throttled())) - set(tables(configured("a", prefix="dc")))
    assert {"dc.throttle.storm", "dc.throttle-marks-changelog"} == more
    assert ("dc.ingest-vcenter", "dc.router", "dc.throttle", "dc.deliver") == topics.groups(throttled())
    assert ("dc.ingest-vcenter", "dc.ingest-webhook", "dc.throttle") == topics.transactional_ids(throttled())


def test_a_throttle_judges_by_the_brokers_clock() -> None:
    assert "LogAppendTime" == tables(throttled())["dc.throttle.storm"].settings["message.timestamp.type"]


@pytest.mark.parametrize(("retention", "kept"), [("10m", 2 * 3600), ("2d", 2 * 86_400)])
def test_what_is_held_back_outlasts_its_window(retention: str, kept: int) -> None:
    assert kept * 1000 == tables(throttled(retention=retention))["dc.throttle.storm"].retention_ms


def analysed(counts: dict[str, str] | None) -> Config:
    sink = AnalyticsConfig.model_validate({"name": "rows", "type": "analytics", "counts": counts})
    return configured("a", prefix="dc").model_copy(update={"sinks": {"rows": sink}})


def test_rows_for_analysts_have_a_topic_when_a_sink_writes_them() -> None:
    without = set(tables(configured("rows", prefix="dc")))
    assert {"dc.analytics"} == set(tables(analysed(None))) - without
    assert ("dc.ingest-vcenter", "dc.router", "dc.deliver") == topics.groups(analysed(None))


def test_counts_have_a_topic_a_changelog_a_group_and_transactions() -> None:
    counted = analysed({"window": "1m"})
    assert {"dc.analytics.counts", "dc.analytics-counts-changelog"} == set(tables(counted)) - set(
        tables(analysed(None))
    )
    assert ("dc.ingest-vcenter", "dc.router", "dc.deliver", "dc.analytics") == topics.groups(counted)
    assert ("dc.ingest-vcenter", "dc.ingest-webhook", "dc.analytics") == topics.transactional_ids(counted)


def test_a_row_fits_however_large_its_event_is() -> None:
    table = tables(analysed(None))
    assert EVENT_BYTES + 4 * HEADROOM == table["dc.analytics"].max_message_bytes
