from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from confluent_kafka import Producer

from schemas.cloudevents import CloudEvent
from tests.streams.routing.test_register import heartbeat, record
from tests.support import topics
from tests.support.eventbridge import stand_in

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.ops.cli.conftest import Outcome

    Command = Callable[..., Outcome]

TIME = "2026-11-28T07:30:00Z"


def event(number: int, subject: str) -> CloudEvent:
    return CloudEvent(
        id=f"vc1/0/{number}",
        source="https://vc1/sdk",
        type="t",
        subject=subject,
        time=TIME,
        datacontenttype="application/json",
        extensions={"partitionkey": "vc1/vm-1"},
        data=b'{"Key":%d}' % number,
    )


@pytest.fixture
def configuration_of(write: Callable[[str], Path], kafka: str, prefix: str) -> Callable[..., None]:
    """Stores a configuration with these routes."""

    def written(*routes: str) -> None:
        head = f"""
kafka: {{bootstrap: "{kafka}", prefix: {prefix}, partitions: 1, replication: 1}}
sinks:
  functions: {{type: http, url: "http://127.0.0.1:8081/event"}}
routes:
"""
        write(head + "".join(f"  - {{{route}}}\n" for route in routes))

    return written


@pytest.fixture
def stored(configuration_of: Callable[..., None], reflexarc: Command, kafka: str, prefix: str) -> str:
    """Three events in Kafka; the name of their topic."""
    configuration_of("name: power, match: {subject: VmPoweredOffEvent}, to: functions")
    assert reflexarc("topics", "create").code == 0
    subjects = ("VmPoweredOffEvent", "HostEvent", "VmPoweredOnEvent")
    topics.publish(kafka, f"{prefix}.events", *(event(number, subject) for number, subject in enumerate(subjects)))
    return f"{prefix}.events"


@pytest.mark.stack
def test_it_shows_what_matches_with_the_sinks_it_goes_to(stored: str, reflexarc: Command) -> None:
    outcome = reflexarc("tap", "--back", "1h", "--match", "subject: Vm*", "--limit", "2")
    expected = [
        f"{TIME}  VmPoweredOffEvent  vc1/vm-1  {stored}/0/0  functions",
        f"{TIME}  VmPoweredOnEvent  vc1/vm-1  {stored}/0/2  no sink",
    ]
    assert (0, expected) == (outcome.code, outcome.out.splitlines())


@pytest.mark.stack
def test_it_may_end_with_what_is_there(stored: str, reflexarc: Command) -> None:
    outcome = reflexarc("tap", "--back", "1h", "--no-follow", "--match", "subject: Vm*")
    assert (0, 2) == (outcome.code, len(outcome.out.splitlines()))


@pytest.mark.stack
def test_json_gives_whole_events(stored: str, reflexarc: Command) -> None:
    outcome = reflexarc("tap", "--back", "1h", "--route", "power", "--limit", "1", "--json")
    told = json.loads(outcome.out)
    assert ("vc1/0/0", {"Key": 0}) == (told["id"], told["data"])


@pytest.mark.stack
def test_a_route_by_a_rule_shows_what_the_rule_takes(
    stored: str, reflexarc: Command, configuration_of: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    with stand_in(monkeypatch) as bus:
        bus.rules["default", "host"] = json.dumps({"detail": {"subject": ["HostEvent"]}})
        bus.rules["default", "bad"] = json.dumps({"detail": {"subject": [{"cidr-6": "x"}]}})
        rules = {name: f'{{pattern: {{rule_arn: "{bus.arn("default", name)}"}}}}' for name in ("host", "bad")}
        configuration_of(
            f"name: host, enabled: false, match: {rules['host']}, to: functions",
            f"name: bad, match: {rules['bad']}, to: functions",
        )
        outcome = reflexarc("tap", "--back", "1h", "--route", "host", "--limit", "1")
        refused = reflexarc("tap", "--route", "bad")
    assert (0, [f"{TIME}  HostEvent  vc1/vm-1  {stored}/0/1  no sink"]) == (outcome.code, outcome.out.splitlines())
    assert "reflexarc: route host is not enabled — this is what it would take" in outcome.err.splitlines()
    assert "reflexarc: route bad: match.pattern.rule_arn.detail.subject" in outcome.err
    assert (1, "", 1) == (refused.code, refused.out, len(refused.err.splitlines())), refused.err


@pytest.mark.stack
def test_the_inventory_is_asked_as_the_router_asks_it(
    stored: str, reflexarc: Command, configuration_of: Callable[..., None], kafka: str, prefix: str
) -> None:
    now = datetime.now(UTC).timestamp()
    producer = Producer({"bootstrap.servers": kafka})
    for key, value in (("vc1/vm-1", record()), ("vc1/-", heartbeat(now, now))):
        producer.produce(f"{prefix}.inventory", value, key)
    assert 0 == producer.flush(30)
    foreign = event(3, "x").extensions | {"vcenter": "vc1"}
    topics.publish(kafka, stored, replace(event(3, "VmPoweredOnEvent"), extensions=foreign))
    configuration_of("name: prod, match: {inventory: {cluster: C0}}, to: functions")
    outcome = reflexarc("tap", "--back", "1h", "--match", "{inventory: {tags: {env: prod}}}", "--limit", "1")
    line = f"{TIME}  VmPoweredOnEvent  vc1/vm-1  {stored}/0/3  functions"
    assert (0, [line], "") == (outcome.code, outcome.out.splitlines(), outcome.err)


@pytest.mark.stack
def test_no_record_forges_a_line(stored: str, reflexarc: Command, kafka: str) -> None:
    required = [("ce_specversion", b"1.0"), ("ce_id", b"1"), ("ce_source", b"/s"), ("ce_type", b"t")]
    headers = [*required, ("ce_subject", b"Evil\x1b[2J\nFORGED"), ("ce_time", b"now")]
    producer = Producer({"bootstrap.servers": kafka})
    producer.produce(stored, b"", headers=headers, partition=0)
    assert 0 == producer.flush(30)
    outcome = reflexarc("tap", "--back", "1h", "--match", "subject: Evil*", "--limit", "1")
    assert [rf"now  Evil\x1b[2J\nFORGED  -  {stored}/0/3  no sink"] == outcome.out.splitlines()


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--match", "{subjct: x}"], "match.subjct is not a known key — did you mean subject?"),
        (["--match", "exact: {Type: x}"], "match.exact.Type is not the name of an attribute"),
        (["--match", "["], "--match"),
        (["--route", "powr"], "did you mean power?"),
        (["--route", "power", "--match", "{}"], "goes without --route"),
        (["--back", "soon"], "--back"),
    ],
)
def test_what_has_no_meaning_is_refused_before_a_broker_is_asked(
    configuration: Path, reflexarc: Command, arguments: list[str], complaint: str
) -> None:
    outcome = reflexarc("tap", *arguments)
    assert (2, "", 1) == (outcome.code, outcome.out, len(outcome.err.splitlines()))
    assert complaint in outcome.err


def test_a_broker_that_is_away_is_said_and_not_waited_for_long(
    write: Callable[[str], Path], reflexarc: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ops.events.broker.WITHIN", 0.1)
    write('kafka: {bootstrap: "127.0.0.1:9", replication: 1}')
    outcome = reflexarc("tap")
    assert (3, "") == (outcome.code, outcome.out)
    assert "reflexarc: cannot reach Kafka at 127.0.0.1:9" in outcome.err
