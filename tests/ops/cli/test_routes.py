from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

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


def test_a_transform_that_fails_brings_nothing(
    expect: Callable[..., None], write: Callable[[str], Path], reflexarc: Command
) -> None:
    shaped = "  - {name: shaped, transform: {pick: [Vm.Name]}, to: slack}"
    write(ROUTES + shaped)
    expect(
        "name: a machine, event: {data: {Vm: {Name: web-1}}}, sinks: slack", "name: no machine, event: {}, sinks: slack"
    )
    lines = reflexarc("routes", "test", "tests.yaml", "--now", NOON).out.splitlines()
    complaint = "slack does not get it: shaped cannot reshape it: transform.pick: the event has no JSON data"
    assert ["ok   a machine", "FAIL no machine", f"       {complaint}"] == lines[:3]


ARN = "arn:aws:events:eu-central-1:123456789012:rule/off"


def test_the_file_gives_the_patterns_of_rules(
    expect: Callable[..., None], write: Callable[[str], Path], reflexarc: Command, tmp_path: Path
) -> None:
    write(ROUTES + f'  - {{name: rule, match: {{pattern: {{rule_arn: "{ARN}"}}}}, to: slack}}')
    expect("name: by rule, event: {subject: HostEvent}, sinks: slack")
    without = reflexarc("routes", "test", "tests.yaml", "--now", NOON)
    assert (1, True) == (without.code, "the rule was not fetched yet" in without.out)
    (tmp_path / "off.json").write_text('{"detail": {"subject": ["HostEvent"]}}')
    tests = tmp_path / "tests.yaml"
    tests.write_text(f'rules: {{"{ARN}": off.json}}\n{tests.read_text()}')
    assert 0 == reflexarc("routes", "test", "tests.yaml", "--now", NOON).code


@pytest.mark.parametrize(
    ("rules", "complaint"),
    [
        (f'{{"{ARN}": absent.json}}', f"rules.{ARN}: cannot be read"),
        (f'{{"{ARN}": 5}}', f"rules.{ARN}: is not a path"),
        (f'{{"{ARN}s": off.json}}', f"rules.{ARN}s: no route names this rule — did you mean {ARN}?"),
        ("[]", "rules: is not a mapping"),
    ],
)
def test_a_wrong_rule_is_named(
    expect: Callable[..., None],
    write: Callable[[str], Path],
    reflexarc: Command,
    rules: str,
    complaint: str,
) -> None:
    write(ROUTES + f'  - {{name: rule, match: {{pattern: {{rule_arn: "{ARN}"}}}}, to: slack}}')
    expect(f"name: a, {OFF}, sinks: functions")
    tests = Path("tests.yaml")
    tests.write_text(f"rules: {rules}\n{tests.read_text()}")
    outcome = reflexarc("routes", "test", "tests.yaml", "--now", NOON)
    assert (2, True) == (outcome.code, outcome.err.startswith(f"tests.yaml:1 {complaint}"))


LAB = "{folder: /DC0/vm/lab/, cluster: C0, tags: {stage: [dev, test]}, attributes: {owner: ops}}"
IN_LAB = f"event: {{}}, inventory: {LAB}"


@pytest.mark.parametrize(
    ("asks", "test"),
    [
        ("folder: /DC0/vm, cluster: C0, tags: {stage: test}, attributes: {owner: ops}", f"{IN_LAB}, sinks: slack"),
        ("folder: /DC0/vm/web", f"{IN_LAB}, sinks: []"),
        ("resource_pool: Resources", "event: {}, inventory: {}, sinks: []"),
        ("cluster: C0", "event: {vcenter: vc1, partitionkey: vc1/vm-7}, sinks: slack"),
        ("cluster: C0", "event: {}, sinks: []"),
    ],
)
def test_an_expectation_says_what_the_inventory_knows(
    expect: Callable[..., None],
    write: Callable[[str], Path],
    reflexarc: Command,
    asks: str,
    test: str,
) -> None:
    write(ROUTES + f"  - {{name: lab, match: {{inventory: {{{asks}}}}}, on_unknown: match, to: slack}}")
    expect(f"name: a, {test}")
    outcome = reflexarc("routes", "test", "tests.yaml", "--now", NOON)
    assert ("ok   a\n1 as expected, 0 not\n", "") == (outcome.out, outcome.err)


def test_control_characters_forge_no_line_and_no_xml(
    expect: Callable[..., None], reflexarc: Command, tmp_path: Path
) -> None:
    expect(rf'name: "a\x1b[2J\nok   b", {OFF}, sinks: slack')
    outcome = reflexarc("routes", "test", "tests.yaml", "--now", NOON, "--junit", "junit.xml")
    assert r"FAIL a\x1b[2J\nok   b" == outcome.out.splitlines()[0]
    suite = ET.parse(tmp_path / "junit.xml").getroot()[0]  # noqa: S314 - written by ourselves
    assert "a\\x1b[2J\nok   b" == suite[0].get("name")


def test_a_result_that_cannot_be_written_is_said_in_one_line(expect: Callable[..., None], reflexarc: Command) -> None:
    expect(f"name: by day, {OFF}, sinks: functions")
    outcome = reflexarc("routes", "test", "tests.yaml", "--now", NOON, "--junit", "absent/junit.xml")
    complaint = "reflexarc: absent/junit.xml: cannot be written: no such file or directory — name a file in a folder"
    assert (1, True) == (outcome.code, outcome.err.startswith(complaint))


def test_a_file_with_more_than_an_event_is_a_complaint(
    expect: Callable[..., None], reflexarc: Command, tmp_path: Path
) -> None:
    (tmp_path / "event.json").write_bytes(b" " * (16 * 2**20 + 1))
    expect("name: huge, event_file: event.json, sinks: []")
    outcome = reflexarc("routes", "test", "tests.yaml")
    assert (1, True) == (outcome.code, "event.json: larger than 16777216 bytes" in outcome.out)


@pytest.mark.parametrize(
    ("test", "complaint"),
    [
        (f"name: a, {OFF}, sinks: [], inventory: {{folder: vm}}", "tests[0].inventory.folder: is no path of a folder"),
        (f"name: a, {OFF}, sinks: [], inventory: {{pool: x}}", "tests[0].inventory.pool: is not a known key"),
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
