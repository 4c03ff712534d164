from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from schemas.topics import events
from tests.support import topics

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.ops.cli.conftest import Outcome

    Command = Callable[..., Outcome]

NAMES = (
    "events",
    "checkpoints",
    "assignments",
    "inventory",
    "sink.functions",
    "dlq.functions",
    "dlq.ingest",
    "dlq.router",
    "audit",
    "control",
)


@pytest.fixture
def connected(write: Callable[[str], Path], kafka: str, prefix: str) -> str:
    """A configuration for the broker of the stack; its prefix."""
    write(f"""
        kafka: {{bootstrap: "{kafka}", prefix: {prefix}, partitions: 2, replication: 1}}
        sinks:
          functions: {{type: http, url: "http://127.0.0.1:8081/event"}}
    """)
    return prefix


def test_print_needs_no_broker_and_wraps_no_command(reflexarc: Command, configuration: Path) -> None:
    outcome = reflexarc("topics", "create", "--print")
    assert (0, "") == (outcome.code, outcome.err)
    lines = outcome.out.splitlines()
    assert "#!/bin/sh" == lines[0]
    assert len(NAMES) == sum(
        line.startswith("kafka-topics.sh --bootstrap-server localhost:9092 --create") for line in lines
    )
    assert all(line.startswith(("kafka-", "#", "set -e")) for line in lines if line)


def test_print_as_json_lists_what_an_administrator_grants(reflexarc: Command, configuration: Path) -> None:
    plan = json.loads(reflexarc("topics", "create", "--print", "--json").out)
    assert [f"reflexarc.{name}" for name in NAMES] == [topic["name"] for topic in plan["topics"]]
    assert ["reflexarc.ingest-vcenter", "reflexarc.ingest-webhook"] == plan["transactional_ids"]
    services = {"ingest-vcenter", "ingest-webhook", "ingest-inventory", "worker-router", "worker-deliver"}
    assert services | {"operator", "replay", "tap"} == {acl["component"] for acl in plan["acls"]}


def test_a_broker_that_is_away_is_exit_code_3(reflexarc: Command, write: Callable[[str], Path]) -> None:
    write('kafka: {bootstrap: "127.0.0.1:9", replication: 1, options: {}}')
    outcome = reflexarc("topics", "list")
    assert (3, "") == (outcome.code, outcome.out)
    assert "127.0.0.1:9" in outcome.err
    assert "kafka.bootstrap" in outcome.err
    assert "Traceback" not in outcome.err


@pytest.mark.stack
def test_create_says_what_it_made_and_list_shows_it(reflexarc: Command, connected: str) -> None:
    created = reflexarc("topics", "create", "--wait", "--json")
    names = [f"{connected}.{name}" for name in NAMES]
    assert (0, {"created": names, "existing": []}) == (created.code, json.loads(created.out))
    assert all(f"{name} created" in created.err for name in names)

    listed = json.loads(reflexarc("topics", "list", "--json").out)
    assert [(name, []) for name in names] == [(topic["name"], topic["drift"]) for topic in listed]


@pytest.mark.stack
def test_create_again_finds_everything_there(reflexarc: Command, connected: str) -> None:
    reflexarc("topics", "create")
    outcome = reflexarc("topics", "create")
    assert (0, f"0 created, {len(NAMES)} existing") == (outcome.code, outcome.out.strip())


@pytest.mark.stack
def test_list_shows_records_and_retention(reflexarc: Command, connected: str, kafka: str) -> None:
    reflexarc("topics", "create")
    topics.produce(kafka, events(connected), [b"1", b"2", b"3"])
    rows = {line.split()[0]: line.split()[1:] for line in reflexarc("topics", "list").out.splitlines()}
    assert ["2", "1", "7d", "3", "-"] == rows[events(connected)]
    assert ["1", "1", "compacted", "0", "-"] == rows[f"{connected}.checkpoints"]
    assert ["2", "1", "forever", "0", "-"] == rows[f"{connected}.dlq.functions"]


@pytest.mark.stack
def test_list_shows_what_is_missing_and_how_to_get_it(reflexarc: Command, connected: str) -> None:
    outcome = reflexarc("topics", "list")
    assert 0 == outcome.code
    assert f"{events(connected)}" in outcome.out
    assert "does not exist — run `reflexarc topics create`" in outcome.out


@pytest.mark.stack
def test_drift_is_refused_with_the_cure(reflexarc: Command, connected: str, kafka: str) -> None:
    topics.create(kafka, events(connected), partitions=5)
    outcome = reflexarc("topics", "create")
    assert (4, "") == (outcome.code, outcome.out)
    assert "has 5 partitions instead of 2" in outcome.err
    assert "kafka.partitions: 5" in outcome.err
