"""The audit as people and collectors read it, from a real broker."""

from __future__ import annotations

import json
import threading
import time
from typing import TYPE_CHECKING

import pytest
from confluent_kafka import Producer

from schemas import topics
from schemas.config import KafkaConfig
from streams.remediation.audit import strange, told
from streams.trail.reader import Trail
from tests.ops.trail import collectors
from tests.ops.trail.test_rfc5424 import parsed
from tests.streams.guard.asking import entity, request

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from clients.kafka.record import Outgoing
    from streams.trail.entry import Entry
    from tests.ops.cli.conftest import Outcome

    Command = Callable[..., Outcome]

pytestmark = pytest.mark.stack


@pytest.fixture
def installed(write: Callable[[str], Path], kafka: str, prefix: str, reflexarc: Command) -> str:
    """An installation that acts; its prefix."""
    write(f"""
        kafka: {{bootstrap: "{kafka}", prefix: {prefix}, partitions: 3, replication: 1}}
        vcenters:
          vc1: {{url: "https://vc1.example.org", username: reader, password: "${{VC1_PASSWORD}}"}}
        sinks:
          act: {{type: remediation, action: power-on}}
    """)
    assert 0 == reflexarc("topics", "create").code
    return prefix


def store(kafka: str, *records: Outgoing) -> None:
    """Write records as they are, one after the other."""
    producer = Producer({"bootstrap.servers": kafka, "acks": "all", "partitioner": "murmur2_random"})
    for record in records:
        producer.produce(record.topic, record.value, record.key, headers=list(record.headers))
        assert 0 == producer.flush(30)


def story(prefix: str, event: str, *steps: str, number: int = 1, age: float = 60, reason: str = "") -> list[Outgoing]:
    """What the audit hears of an action that was asked for so many seconds ago, a second between two steps."""
    asked = request(event, on=entity(number), asked=time.time() - age)
    records = []
    for at, step in enumerate(steps):
        more = {"reason": reason} if reason and step == steps[-1] else {}
        records.append(told(prefix, "decide", step, asked, at=asked.asked + at, more=more)[0])
    return records


def kinds(reflexarc: Command, *arguments: str) -> list[tuple[str, str]]:
    """Step and entity of each line, as JSON tells them."""
    outcome = reflexarc("audit", "--json", *arguments)
    assert 0 == outcome.code, outcome.err
    found = [json.loads(line) for line in outcome.out.splitlines()]
    return [(each["type"].rpartition(".")[2], each["subject"]) for each in found]


def test_the_newest_comes_last_and_questions_choose(installed: str, kafka: str, reflexarc: Command) -> None:
    """By entity, action, type, actor and time; over all partitions."""
    first = story(installed, "e1", "requested", "approved", "started", number=1)
    second = story(installed, "e2", "requested", "refused", number=2, age=30)
    old = story(installed, "e3", "requested", number=3, age=7200)
    store(kafka, *first, *second, *old)
    reflexarc("sink", "pause", "act", "--actor", "eve@noc", "--reason", "maintenance")
    all_of = [(step, "vc1/vm-1") for step in ("requested", "approved", "started")]
    all_of += [("requested", "vc1/vm-2"), ("refused", "vc1/vm-2")]

    assert [*all_of, ("paused", "act")] == kinds(reflexarc, "--since", "1h")
    assert [*all_of, ("requested", "vc1/vm-3"), ("paused", "act")] == kinds(reflexarc)
    assert all_of[:3] == kinds(reflexarc, "--entity", "web-1")
    assert [all_of[4]] == kinds(reflexarc, "--type", "remediation.refused")
    assert [("paused", "act")] == kinds(reflexarc, "--actor", "eve*")
    assert all_of[:3] == kinds(reflexarc, "--action-id", request("e1").id[:6])
    assert [("requested", "vc1/vm-3")] == kinds(reflexarc, "--until", "1h")
    outcome = reflexarc("audit", "--limit", "2")
    assert 2 == len(outcome.out.splitlines())
    assert "5 older records left out" in outcome.err
    assert outcome.out.endswith("sink.paused  act  by eve@noc  maintenance\n")


def test_the_story_of_one_action_is_told_step_by_step(installed: str, kafka: str, reflexarc: Command) -> None:
    """Under its id, or how that begins; of no other."""
    store(kafka, *story(installed, "e1", "requested", "approved", "started", "failed", reason="no disk left"))
    store(kafka, *story(installed, "e2", "requested", "refused"))
    id_ = request("e1").id
    outcome = reflexarc("remediation", "show", id_[:8])
    assert 0 == outcome.code
    title, *lines = outcome.out.splitlines()
    asked = "asked for by sink/act, for com.vmware.vsphere.VmPoweredOffEvent.v0 https://vc1/sdk e1"
    assert f"{id_}: power-on web-1 vc1/vm-1, {asked}" == title
    assert ["requested", "approved", "started", "failed"] == [each.split()[1] for each in lines if each[0] != " "]
    assert "    reason: no disk left" == lines[-1]

    told_of = json.loads(reflexarc("remediation", "show", id_, "--json").out)
    assert (id_, "power-on", "vm-1") == (told_of["actionId"], told_of["action"], told_of["entity"]["moref"])
    assert {"step": "failed", "time": told_of["steps"][-1]["time"], "reason": "no disk left"} == told_of["steps"][-1]

    missing = reflexarc("remediation", "show", "0000")
    assert (1, True) == (missing.code, "the audit knows no action 0000 since 7d" in missing.err)


def test_what_others_write_ends_no_reading_and_no_secret_is_shown(
    installed: str, kafka: str, reflexarc: Command
) -> None:
    """A record that is no event, one that was not believed, and a reason that quotes a password."""
    junk = story(installed, "e1", "requested")[0]._replace(headers=())
    doubted = strange(installed, "decide", "t/0/1", "nobody has signed it", at=time.time())
    store(kafka, junk, doubted, *story(installed, "e2", "failed", reason="hunter2-of-vc1 was wrong"))
    outcome = reflexarc("audit")
    assert [0, 3] == [outcome.code, len(outcome.out.splitlines())]
    assert "audit.unreadable" in outcome.out
    assert "remediation.disbelieved  t/0/1  nobody has signed it" in outcome.out
    for form in ("text", "json", "cef", "rfc5424"):
        shown = reflexarc("audit", "--format", form).out
        assert ("**********", False) == ("*" * shown.count("*"), "hunter2" in shown)


def test_every_line_of_an_export_is_of_its_format(installed: str, kafka: str, reflexarc: Command) -> None:
    """For a file that a collector reads."""
    store(kafka, *story(installed, "e1", "requested", "approved"))
    cef = reflexarc("audit", "--format", "cef").out.splitlines()
    assert [True, True] == [each.startswith("CEF:0|reflexarc|reflexarc|") for each in cef]
    messages = [parsed(each) for each in reflexarc("audit", "--format", "rfc5424").out.splitlines()]
    assert ["remediation.requested", "remediation.approved"] == [parts["id"] for parts, _ in messages]


def test_a_collector_gets_the_messages(installed: str, kafka: str, reflexarc: Command, tmp_path: Path) -> None:
    """Over TLS in octets that are counted; CEF in an envelope of syslog; nothing on stdout."""
    store(kafka, *story(installed, "e1", "requested", "approved"))
    context, authority = collectors.tls(tmp_path)
    with collectors.Collector(context) as listening:
        sent = reflexarc("audit", "--syslog", f"tls://{listening.address}", "--syslog-ca", str(authority))
        listening._thread.join(30)
    assert (0, "", 2) == (sent.code, sent.out, len(listening.messages))
    assert ["remediation.requested", "remediation.approved"] == [parsed(each)[0]["id"] for each in listening.messages]
    with collectors.Collector() as listening:
        assert 0 == reflexarc("audit", "--syslog", listening.address, "--format", "cef", "--limit", "1").code
        listening._thread.join(30)
    assert ["CEF:0"] == [parsed(each)[0]["msg"].partition("|")[0] for each in listening.messages]


def test_following_shows_what_comes(installed: str, kafka: str) -> None:
    """First what is there, then each record as it is committed, until it is stopped."""
    store(kafka, *story(installed, "e1", "requested"))
    config, stop = KafkaConfig(bootstrap=kafka, prefix=installed, replication=1), threading.Event()
    heard: list[Entry] = []
    with Trail(config, None) as trail:
        assert (True, []) == (trail.complete, list(trail.present()))
        store(kafka, *story(installed, "e2", "requested", "approved"))
        for entry in trail.follow(stop.is_set):
            heard.append(entry)
            if entry.step == "approved":
                stop.set()
    assert ["requested", "approved"] == [each.step for each in heard]
    assert f"{topics.audit(installed)}/" in str(heard[0].place)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--since", "yesterday"), "is no time"),
        (("--since", "1h", "--until", "2h"), "is before --since"),
        (("--follow", "--until", "now"), "goes without --follow"),
        (("--syslog", "siem", "--json"), "goes with --format rfc5424 or cef"),
        (("--syslog", "http://siem"), "is no address"),
    ],
)
def test_a_wrong_question_is_a_usage_error(
    reflexarc: Command, installed: str, arguments: tuple[str, ...], said: str
) -> None:
    """Before anything is read."""
    del installed
    outcome = reflexarc("audit", *arguments)
    assert (2, True) == (outcome.code, said in outcome.err.replace("\n", " "))
