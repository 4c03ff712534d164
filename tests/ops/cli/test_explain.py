from __future__ import annotations

import io
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from confluent_kafka import Producer

from ops.cli.explain import _printed
from schemas.cloudevents import CloudEvent
from streams.filters import View
from tests.streams.routing.test_register import heartbeat, record
from tests.support import topics
from tests.support.eventbridge import stand_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ops.cli.conftest import Outcome

    Command = Callable[..., Outcome]

ROUTES = """
kafka: {bootstrap: "localhost:9092", replication: 1}
sinks: {functions: {type: http, url: "http://127.0.0.1:8081/event"}}
routes:
  - {name: power, match: {subject: VmPoweredOffEvent}, to: functions}
  - {name: lab, match: {subject: "Vm*", vcenter: lab}, to: functions}
  - {name: "off", enabled: false, to: functions}
"""
EVENT = {
    "specversion": "1.0",
    "id": "vc1/0/7",
    "source": "https://vc1/sdk",
    "type": "t",
    "subject": "VmPoweredOnEvent",
    "vcenter": "vc1",
}


@pytest.fixture
def event(write: Callable[[str], Path], tmp_path: Path) -> str:
    write(ROUTES)
    (tmp_path / "event.json").write_text(json.dumps(EVENT))
    return "event.json"


def test_every_route_says_what_failed_and_what_it_saw(event: str, reflexarc: Command) -> None:
    outcome = reflexarc("explain", "--event", event)
    expected = """\
VmPoweredOnEvent  vc1/0/7  https://vc1/sdk
  no   power: wants that subject is VmPoweredOffEvent, saw "VmPoweredOnEvent"
  no   lab: wants that vcenter is lab, saw "vc1"
  no   off: is not enabled
No route matches.
Nearest: lab, 1 of its 2 conditions failed.
"""
    assert (0, expected, "") == (outcome.code, outcome.out, outcome.err)


def test_a_route_that_is_throttled_says_so(event: str, reflexarc: Command, write: Callable[[str], Path]) -> None:
    write(f"{ROUTES}  - {{name: storm, to: functions, throttle: {{once_within: 5m, by: vcenter}}}}\n")
    outcome = reflexarc("explain", "--event", event, "--route", "storm")
    assert "  yes  storm: goes to functions, throttled: once within 5m, by vcenter\n" in outcome.out


def test_the_event_may_come_from_standard_input(
    event: str, reflexarc: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = io.BytesIO(json.dumps({**EVENT, "subject": "VmPoweredOffEvent"}).encode())
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(body))
    outcome = reflexarc("explain", "--event", "-", "--route", "power")
    assert "  yes  power: goes to functions" == outcome.out.splitlines()[1]


def test_json_says_the_same(event: str, reflexarc: Command) -> None:
    told = json.loads(reflexarc("explain", "--event", event, "--json").out)
    assert ([], "lab") == (told["sinks"], told["nearest_miss"])
    assert [{"where": "vcenter", "wanted": "is lab", "saw": '"vc1"'}] == told["routes"][1]["failures"]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--event", "nowhere.json"], "nowhere.json: cannot be read"),
        (["--event", "reflexarc.yaml"], "reflexarc.yaml: event: not a JSON object"),
        (["--event", "event.json", "--route", "powr"], "did you mean power?"),
        (["--event", "t:99999999999:1"], "no record can lie at t/99999999999/1 — write topic:partition:offset"),
        (["--event", "t:1:99999999999999999999"], "no record can lie at t/1/99999999999999999999"),
        (["--event", "x" * 5_000], "x…: cannot be read: file name too long"),
        (["--event", "."], ".: cannot be read: is a directory"),
    ],
)
def test_what_cannot_be_explained_is_said_in_one_line(
    event: str, reflexarc: Command, arguments: list[str], complaint: str
) -> None:
    outcome = reflexarc("explain", *arguments)
    assert (outcome.out, 1) == ("", len(outcome.err.splitlines()))
    assert complaint in outcome.err
    assert outcome.code > 0


def routed(*routes: str) -> str:
    head = 'kafka: {bootstrap: "127.0.0.1:9", replication: 1}\nsinks:\n'
    sinks = "".join(f'  {name}: {{type: http, url: "http://127.0.0.1:8081/event"}}\n' for name in ("s", "t"))
    return head + sinks + "routes:\n" + "".join(f"  - {{{route}}}\n" for route in routes)


SHAPED = 'name: shaped, transform: {constant: {team: "web"}}, to: s'
BROKEN = 'name: broken, transform: {template: {title: "{{ data.Nope.x }}"}}, to: s'

NOPE = "transform.template.title: reads what this event does not have: there is no Nope"


@pytest.mark.parametrize(
    ("routes", "lines"),
    [
        (
            [BROKEN],
            [
                "  yes  broken: matches, and reaches no sink",
                f"s: a dead letter instead, for broken cannot reshape it: {NOPE}",
            ],
        ),
        (
            ["name: plain, to: s", SHAPED],
            [
                "  yes  plain: goes to s",
                "  yes  shaped: goes to s",
                "s: plain comes first, so the transform of shaped is not applied",
            ],
        ),
        (
            [SHAPED, "name: plain, to: [s, t]"],
            ["  yes  shaped: goes to s", "  yes  plain: goes to s, t", "s: reshaped by shaped"],
        ),
    ],
)
def test_it_says_what_transforms_make_of_an_event(
    event: str,
    write: Callable[[str], Path],
    reflexarc: Command,
    routes: list[str],
    lines: list[str],
) -> None:
    write(routed(*routes))
    Path(event).write_text(json.dumps({**EVENT, "data": {"Vm": {}}}))
    assert lines == reflexarc("explain", "--event", event).out.splitlines()[1:]


def test_one_route_is_explained_with_what_the_others_do_to_its_sinks(
    event: str, write: Callable[[str], Path], reflexarc: Command, tmp_path: Path
) -> None:
    write(routed(BROKEN, "name: plain, to: [s, t]"))
    (tmp_path / event).write_text(json.dumps({**EVENT, "data": {}}))
    told = json.loads(reflexarc("explain", "--event", event, "--route", "plain", "--json").out)
    assert (["t"], ["plain"]) == (told["sinks"], [each["name"] for each in told["routes"]])
    assert [("s", "broken"), ("t", None)] == [(each["sink"], each["shaped_by"]) for each in told["arrivals"]]


def test_a_rule_whose_pattern_cannot_be_compiled_takes_no_event(
    event: str, write: Callable[[str], Path], reflexarc: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    with stand_in(monkeypatch) as bus:
        bus.rules["default", "bad"] = json.dumps({"detail": {"subject": [{"cidr-6": "x"}]}})
        write(routed(f'name: bad, match: {{pattern: {{rule_arn: "{bus.arn("default", "bad")}"}}}}, to: s'))
        line = reflexarc("explain", "--event", event).out.splitlines()[1]
    assert line.startswith("  no   bad: wants that pattern.rule_arn.detail.subject")
    assert "can be compiled, saw that it" in line


def test_an_inventory_that_cannot_be_read_is_said(
    event: str, write: Callable[[str], Path], reflexarc: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ops.events.broker.WITHIN", 0.1)
    (tmp_path / event).write_text(json.dumps({**EVENT, "partitionkey": "vc1/vm-7"}))
    write(routed("name: prod, match: {inventory: {cluster: C0}}, to: s", "name: plain, to: t"))
    outcome = reflexarc("explain", "--event", event, "--route", "prod")
    assert "  no   prod: wants that inventory.cluster is C0, saw nothing is known of vc1/vm-7 (no inventory yet)" in (
        outcome.out.splitlines()
    )
    assert "reflexarc: the inventory cannot be read: " in outcome.err
    assert "" == reflexarc("explain", "--event", event, "--route", "plain").err


def test_no_event_moves_the_cursor_of_a_terminal() -> None:
    view = View.of_attributes({"subject": "a\x1b]0;title\x07\nFORGED", "id": "\x9b2J", "source": "\u202e/s"})
    (line,) = (str(each) for each in _printed(view, (), ()) if "a" in str(each) and "routes" not in str(each))
    assert r"a\x1b]0;title\x07\nFORGED  \x9b2J  \u202e/s" == line


@pytest.mark.stack
def test_the_inventory_is_read_for_a_route_that_asks_it(
    write: Callable[[str], Path], reflexarc: Command, kafka: str, prefix: str, tmp_path: Path
) -> None:
    broker = f'kafka: {{bootstrap: "{kafka}", prefix: {prefix}, replication: 1}}'
    write(
        routed("name: prod, match: {inventory: {cluster: C0}}, to: s").replace(
            'kafka: {bootstrap: "127.0.0.1:9", replication: 1}', broker
        )
    )
    (tmp_path / "event.json").write_text(json.dumps({**EVENT, "partitionkey": "vc1/vm-7"}))
    assert reflexarc("topics", "create").code == 0
    now = datetime.now(UTC).timestamp()
    producer = Producer({"bootstrap.servers": kafka})
    for key, value in (("vc1/vm-7", record()), ("vc1/-", heartbeat(now, now))):
        producer.produce(f"{prefix}.inventory", value, key)
    assert 0 == producer.flush(30)
    outcome = reflexarc("explain", "--event", "event.json")
    assert ("  yes  prod: goes to s", "") == (outcome.out.splitlines()[1], outcome.err)


@pytest.mark.stack
def test_a_record_that_the_router_cannot_route_is_no_event(
    write: Callable[[str], Path], reflexarc: Command, kafka: str, prefix: str
) -> None:
    write(ROUTES.replace("localhost:9092", kafka).replace("replication: 1", f"replication: 1, prefix: {prefix}"))
    assert reflexarc("topics", "create").code == 0
    headers = {"ce_specversion": b"1.0", "ce_id": b"1", "ce_source": b"/s", "ce_type": b"t", "ce_subject": b"\xff"}
    producer = Producer({"bootstrap.servers": kafka})
    producer.produce(f"{prefix}.events", b"", headers=list(headers.items()), partition=0)
    assert 0 == producer.flush(30)
    outcome = reflexarc("explain", "--event", f"{prefix}.events:0:0")
    assert (1, "") == (outcome.code, outcome.out)
    assert "ce_subject: not UTF-8 — the router makes such a record a dead letter" in outcome.err


@pytest.mark.stack
def test_an_event_in_kafka_is_named_by_where_it_lies(
    write: Callable[[str], Path], reflexarc: Command, kafka: str, prefix: str
) -> None:
    write(ROUTES.replace("localhost:9092", kafka).replace("replication: 1", f"replication: 1, prefix: {prefix}"))
    assert reflexarc("topics", "create").code == 0
    topics.publish(
        kafka, f"{prefix}.events", CloudEvent(id="1", source="/s", type="t", subject="VmPoweredOffEvent"), partition=1
    )
    outcome = reflexarc("explain", "--event", f"{prefix}.events:1:0", "--route", "power")
    assert "  yes  power: goes to functions" == outcome.out.splitlines()[1]
    absent = reflexarc("explain", "--event", f"{prefix}.events:1:1")
    assert (1, True) == (absent.code, f"no record lies at {prefix}.events/1/1" in absent.err)
