from __future__ import annotations

import json
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.ops.cli.conftest import Outcome

    Command = Callable[..., Outcome]

ROUTES = """
kafka: {bootstrap: "localhost:9092"}
vcenters: {}
sinks:
  functions: {type: http, url: "http://127.0.0.1:8081/event"}
  slack: {type: http, url: "http://127.0.0.1:8082/event"}
routes:
  - {name: power, match: {subject: VmPoweredOffEvent}, to: functions}
  - name: night
    match: {subject: "Vm*"}
    active_windows: [{zone: UTC, from: "22:00", to: "06:00"}]
    to: [functions, slack]
"""
OFF = "event: {subject: VmPoweredOffEvent}"
NOON, MIDNIGHT = "2026-11-28T12:00:00+00:00", "2026-11-28T00:00:00+00:00"


@pytest.fixture
def expect(write: Callable[[str], Path], tmp_path: Path) -> Callable[..., None]:
    write(ROUTES)

    def written(*tests: str) -> None:
        (tmp_path / "tests.yaml").write_text("tests:\n" + "".join(f"  - {{{test}}}\n" for test in tests))

    return written


def test_expectations_that_are_met_are_exit_code_0(expect: Callable[..., None], reflexarc: Command) -> None:
    expect(
        f"name: by day, {OFF}, sinks: functions, routes: power", "name: hosts, event: {subject: HostEvent}, sinks: []"
    )
    outcome = reflexarc("routes", "test", "tests.yaml", "--now", NOON)
    assert (0, "ok   by day\nok   hosts\n2 as expected, 0 not\n") == (outcome.code, outcome.out)


def test_now_is_the_time_of_events_that_name_none(expect: Callable[..., None], reflexarc: Command) -> None:
    expect(
        f"name: none, {OFF}, sinks: [functions, slack]",
        f"name: own, event: {{subject: VmPoweredOffEvent, time: '{NOON}'}}, sinks: functions",
    )
    assert reflexarc("routes", "test", "tests.yaml", "--now", MIDNIGHT).code == 0


def test_each_complaint_says_why(expect: Callable[..., None], reflexarc: Command, tmp_path: Path) -> None:
    expect(f"name: by day, {OFF}, sinks: slack, routes: []")
    outcome = reflexarc("routes", "test", "tests.yaml", "--now", NOON, "--junit", "junit.xml", "--json")
    window = "mon/tue/wed/thu/fri/sat/sun 22:00-06:00 UTC"
    complaints = [
        f'slack does not get it: night wants that active_windows happened within {window}, saw "{NOON}"',
        "functions gets it, by power",
        "power matches, not no route",
    ]
    assert (1, [{"name": "by day", "ok": False, "complaints": complaints}]) == (outcome.code, json.loads(outcome.out))
    suite = ET.parse(tmp_path / "junit.xml").getroot()[0]  # noqa: S314 - written by ourselves
    assert ("1", "1", complaints[0]) == (suite.get("tests"), suite.get("failures"), suite[0][0].get("message"))


def test_an_event_may_lie_in_a_file(expect: Callable[..., None], reflexarc: Command, tmp_path: Path) -> None:
    (tmp_path / "event.json").write_text('{"specversion": "1.0", "id": "1", "source": "/s", "type": "t"}')
    expect("name: nothing in it, event_file: event.json, sinks: []")
    assert reflexarc("routes", "test", "tests.yaml").code == 0


@pytest.mark.parametrize(
    ("test", "complaint"),
    [
        ("name: a, sinks: []", "tests[0]: needs one of event and event_file"),
        (f"name: a, {OFF}, sinks: slak", "tests[0].sinks: no sink is called slak — did you mean slack?"),
        ("name: a, event: 5, sinks: []", "tests[0].event: is not a mapping"),
        ("name: a, event: {subject: ''}, sinks: []", "tests[0].event: is no CloudEvent: subject"),
        (f"name: a, {OFF}, sink: slack", "tests[0].sink: is not a known key"),
    ],
)
def test_a_wrong_expectation_is_named_with_its_line(
    expect: Callable[..., None], reflexarc: Command, test: str, complaint: str
) -> None:
    expect(test)
    outcome = reflexarc("routes", "test", "tests.yaml")
    assert (2, "") == (outcome.code, outcome.out)
    assert outcome.err.startswith("tests.yaml:2 ")
    assert complaint in outcome.err


def test_a_file_without_tests_is_refused(expect: Callable[..., None], reflexarc: Command) -> None:
    expect()
    assert "has no tests" in reflexarc("routes", "test", "tests.yaml").err


def test_list_shows_what_each_asks_and_where_it_leads(expect: Callable[..., None], reflexarc: Command) -> None:
    lines = [line.split() for line in reflexarc("routes", "list").out.splitlines()]
    assert ["night", "Vm*,", "active_windows", "functions,", "slack"] in lines
    assert ["power", "night"] == [each["name"] for each in json.loads(reflexarc("routes", "list", "--json").out)]
