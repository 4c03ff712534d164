from __future__ import annotations

import json
import shlex
from argparse import ArgumentParser
from typing import Any

import pytest

from ops.handover import plan, script
from schemas.acls import acls
from schemas.config import Config, KafkaConfig, Secret, SecurityConfig, SinkConfig
from schemas.topics import groups, table, transactional_ids


def configured(**kafka: Any) -> Config:
    sinks = {name: SinkConfig(name=name, type="http") for name in ("functions", "audit")}
    return Config(kafka=KafkaConfig(bootstrap="kafka1:9092,kafka2:9092", prefix="dc", **kafka), sinks=sinks)


def kafka_tools() -> ArgumentParser:
    """The options of ``kafka-topics.sh`` and ``kafka-acls.sh`` that the script uses, as their help gives them."""
    tools = ArgumentParser(exit_on_error=False)
    tools.add_argument("tool", choices=["kafka-topics.sh", "kafka-acls.sh"])
    for option in ("--create", "--if-not-exists", "--add"):
        tools.add_argument(option, action="store_true")
    for option in ("--bootstrap-server", "--command-config", "--group", "--transactional-id", "--allow-principal"):
        tools.add_argument(option)
    tools.add_argument("--topic")
    tools.add_argument("--partitions", type=int)
    tools.add_argument("--replication-factor", type=int)
    tools.add_argument("--config", action="append", default=[])
    tools.add_argument("--operation", action="append", default=[])
    tools.add_argument("--resource-pattern-type", choices=["literal", "prefixed"])
    return tools


def commands(config: Config, tool: str) -> list[Any]:
    lines = [shlex.split(line) for line in script(config) if line.startswith(tool)]
    return [kafka_tools().parse_args(words) for words in lines]


def test_the_script_creates_every_topic_of_the_table() -> None:
    config = configured()
    expected = [
        (topic.name, topic.partitions, topic.replication, [f"{k}={v}" for k, v in topic.settings.items()])
        for topic in table(config)
    ]
    found = commands(config, "kafka-topics.sh")
    assert expected == [(c.topic, c.partitions, c.replication_factor, c.config) for c in found]
    assert all(command.create and command.if_not_exists for command in found)


def test_the_script_grants_every_acl() -> None:
    config = configured()
    expected = [(acl.principal, acl.name, acl.pattern, list(acl.operations)) for acl in acls(config)]
    found = commands(config, "kafka-acls.sh")
    assert expected == [
        (c.allow_principal, c.topic or c.group or c.transactional_id, c.resource_pattern_type, c.operation)
        for c in found
    ]
    assert all(command.add for command in found)


def test_every_line_of_the_script_is_a_comment_or_runs() -> None:
    rest = [line for line in script(configured()) if line and not line.startswith(("#", "kafka-"))]
    assert ["set -e"] == rest


def test_groups_and_transactional_ids_are_named() -> None:
    config = configured()
    text = "\n".join(script(config))
    assert all(name in text for name in (*groups(config), *transactional_ids(config)))


@pytest.mark.parametrize("tool", ["kafka-topics.sh", "kafka-acls.sh"])
def test_a_cluster_with_passwords_is_asked_with_those_of_the_administrator(tool: str) -> None:
    security = SecurityConfig(
        protocol="SASL_SSL",
        mechanism="SCRAM-SHA-512",
        username="ours",
        password=Secret.from_env("PASSWORD", {"PASSWORD": "s3cret"}),
    )
    config = configured(security=security)
    assert {"admin.properties"} == {command.command_config for command in commands(config, tool)}
    assert "s3cret" not in "\n".join(script(config))


def test_without_passwords_nothing_is_asked_for() -> None:
    assert {None} == {command.command_config for command in commands(configured(), "kafka-topics.sh")}


def test_the_plan_is_plain_data() -> None:
    data = json.loads(json.dumps(plan(configured())))
    assert {"topics", "groups", "transactional_ids", "acls"} == set(data)
    assert [topic.settings for topic in table(configured())] == [topic["settings"] for topic in data["topics"]]
