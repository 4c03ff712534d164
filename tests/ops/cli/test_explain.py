from __future__ import annotations

import io
import json
import sys
from typing import TYPE_CHECKING

import pytest

from schemas.cloudevents import CloudEvent
from tests.support import topics

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

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
    ],
)
def test_what_cannot_be_explained_is_said_in_one_line(
    event: str, reflexarc: Command, arguments: list[str], complaint: str
) -> None:
    outcome = reflexarc("explain", *arguments)
    assert (outcome.out, 1) == ("", len(outcome.err.splitlines()))
    assert complaint in outcome.err
    assert outcome.code > 0


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
