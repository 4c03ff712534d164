"""Sinks that are looked at, paused and resumed, on a real broker."""

from __future__ import annotations

import json
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from confluent_kafka import Consumer, TopicPartition

from schemas import topics
from schemas.config import KafkaConfig
from streams.delivery.control import Control
from tests.ops.deadletters.letters import letter, record, store
from tests.support import topics as kafka_topics
from tests.support.vcenter import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.ops.cli.conftest import Outcome

    Command = Callable[..., Outcome]

pytestmark = pytest.mark.stack


@pytest.fixture
def installed(write: Callable[[str], Path], kafka: str, prefix: str, reflexarc: Command) -> str:
    """An installation with two sinks; its prefix."""
    write(f"""
        kafka: {{bootstrap: "{kafka}", prefix: {prefix}, partitions: 2, replication: 1}}
        sinks:
          functions: {{type: http, url: "http://127.0.0.1:8081/event"}}
          audit: {{type: http, url: "http://127.0.0.1:8081/audit"}}
    """)
    assert 0 == reflexarc("topics", "create").code
    return prefix


def listed(reflexarc: Command) -> dict[str, dict[str, Any]]:
    outcome = reflexarc("sink", "list", "--json")
    assert (0, "") == (outcome.code, outcome.err)
    return {each["sink"]: each for each in json.loads(outcome.out)}


def test_a_pause_reaches_the_workers_and_its_end_does_too(reflexarc: Command, installed: str, kafka: str) -> None:
    """The word goes through Kafka, and survives who said it."""
    config = KafkaConfig(bootstrap=kafka, prefix=installed, replication=1)
    with closing(Control(config, group=topics.group(installed, topics.DELIVER))) as control:
        control.start()
        assert control.wait(30)
        paused = reflexarc("sink", "pause", "functions", "--reason", "maintenance", "--actor", "eve@noc")
        assert (0, "functions is paused; `reflexarc sink resume functions` ends that\n") == (paused.code, paused.out)
        wait_for(lambda: control.paused("functions"))
        told = listed(reflexarc)["functions"]["paused"]
        assert ("eve@noc", "maintenance", None) == (
            told["actor"],
            told["reason"],
            listed(reflexarc)["audit"]["paused"],
        )
        assert 0 == reflexarc("sink", "resume", "functions").code
        wait_for(lambda: not control.paused("functions"))
        assert None is listed(reflexarc)["functions"]["paused"]


def test_saying_it_again_changes_nothing(reflexarc: Command, installed: str, kafka: str) -> None:
    """Whoever paused it first, and why, stays known."""
    assert "functions is not paused\n" == reflexarc("sink", "resume", "functions").out
    reflexarc("sink", "pause", "functions", "--actor", "eve@noc", "--reason", "first")
    again = reflexarc("sink", "pause", "functions", "--actor", "adam@noc")
    assert again.out.startswith("functions is paused already: by eve@noc since 20")
    assert 1 == kafka_topics.ends(kafka, topics.control(installed))


def test_the_audit_hears_of_both(reflexarc: Command, installed: str, kafka: str) -> None:
    """Who paused and resumed what, and why."""
    reflexarc("sink", "pause", "functions", "--actor", "eve@noc", "--reason", "maintenance")
    reflexarc("sink", "resume", "functions", "--actor", "adam@noc")
    heard = [
        (dict(each.headers() or ())["ce_type"], json.loads(each.value() or b""))
        for each in kafka_topics.everything(kafka, topics.audit(installed))
    ]
    expected = [
        (b"com.reflexarc.sink.paused", {"sink": "functions", "actor": "eve@noc", "reason": "maintenance"}),
        (b"com.reflexarc.sink.resumed", {"sink": "functions", "actor": "adam@noc", "reason": ""}),
    ]
    assert expected == heard


def test_a_listing_says_what_waits_and_what_is_dead(reflexarc: Command, installed: str, kafka: str) -> None:
    """What is committed waits no more; what is settled is not dead any more."""
    given = [record(installed, "functions", number) for number in range(5)]
    store(kafka, *given, *(letter(installed, each, "functions") for each in given[:3]))
    commit(kafka, topics.group(installed, topics.DELIVER), topics.sink(installed, "functions"), 3)
    reflexarc("dlq", "drop", "--sink", "functions", "--id", "0/0", "--yes")
    found = listed(reflexarc)
    assert (2, 2) == (found["functions"]["waiting"], found["functions"]["dead_letters"])
    assert (0, 0) == (found["audit"]["waiting"], found["audit"]["dead_letters"])


def test_a_secret_that_was_typed_is_written_nowhere(
    reflexarc: Command, installed: str, kafka: str, write: Callable[[str], Path]
) -> None:
    """Neither in the record of the pause nor in the audit, and it leaves room for what stands in its place."""
    write(f"""
        kafka: {{bootstrap: "{kafka}", prefix: {installed}, partitions: 2, replication: 1}}
        vcenters:
          vc1: {{url: "https://vc1.example.org", username: reader, password: "${{VC1_PASSWORD}}"}}
        sinks:
          functions: {{type: http, url: "http://127.0.0.1:8081/event"}}
    """)
    words = ("--actor", "eve hunter2-of-vc1", "--reason", "hunter2-of-vc1 was wrong")
    assert 0 == reflexarc("sink", "pause", "functions", *words).code
    names = topics.control(installed), topics.audit(installed)
    said = [str(each.value()) for name in names for each in kafka_topics.everything(kafka, name)]
    assert [True, True] == ["eve **********" in each and "hunter2" not in each for each in said]


def test_what_waits_for_a_sink_that_reads_the_events_lies_in_two_topics(
    reflexarc: Command, installed: str, kafka: str, write: Callable[[str], Path]
) -> None:
    """What came by its own, and the events that it has still to choose among."""
    write(f"""
        kafka: {{bootstrap: "{kafka}", prefix: {installed}, partitions: 2, replication: 1}}
        sinks:
          functions: {{type: http, url: "http://127.0.0.1:8081/event", read_from: events}}
          audit: {{type: http, url: "http://127.0.0.1:8081/audit"}}
    """)
    own = [record(installed, "functions", number) for number in range(2)]
    events = [each._replace(topic=topics.events(installed)) for each in own * 3]
    store(kafka, *own, *events)
    commit(kafka, topics.deliver_group(installed, "functions"), topics.events(installed), 1)
    found = listed(reflexarc)
    assert (2 + 5, 0) == (found["functions"]["waiting"], found["audit"]["waiting"])


def commit(kafka: str, group: str, topic: str, offset: int) -> None:
    consumer = Consumer({"bootstrap.servers": kafka, "group.id": group})
    consumer.commit(offsets=[TopicPartition(topic, 0, offset)], asynchronous=False)
    consumer.close()


def test_a_pause_of_a_removed_sink_can_be_ended(
    reflexarc: Command, installed: str, write: Callable[[str], Path], kafka: str
) -> None:
    """It would rest again when it comes back."""
    reflexarc("sink", "pause", "audit")
    write(f'kafka: {{bootstrap: "{kafka}", prefix: {installed}, partitions: 2, replication: 1}}')
    assert (0, "audit is served again\n") == ((outcome := reflexarc("sink", "resume", "audit")).code, outcome.out)
    refused = reflexarc("sink", "resume", "audit")
    assert (1, True) == (refused.code, "no sink is called audit" in refused.err)


def test_what_is_left_of_removed_sinks_is_noted(
    reflexarc: Command, installed: str, write: Callable[[str], Path], kafka: str
) -> None:
    """Events that nobody delivers, and letters that are open, with the cure."""
    given = [record(installed, "audit", number) for number in range(4)]
    store(kafka, *given, letter(installed, given[0], "audit"))
    reflexarc("sink", "list")
    write(f"""
        kafka: {{bootstrap: "{kafka}", prefix: {installed}, partitions: 2, replication: 1}}
        sinks:
          functions: {{type: http, url: "http://127.0.0.1:8081/event"}}
    """)
    offline = json.loads(reflexarc("check", "--json").out)["notes"]
    notes = json.loads(reflexarc("check", "--connect", "--json").out)["notes"]
    waiting, dead = notes[len(offline) :]
    gone = "no sink is called audit any more; define it again"
    assert waiting.startswith(f"{installed}.sink.audit holds 4 undelivered events, and {gone} to have them delivered")
    assert f"{installed}.dlq.audit holds 1 open dead letters, and {gone}, or `reflexarc dlq drop --sink audit`" == dead
