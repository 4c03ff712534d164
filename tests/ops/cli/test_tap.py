from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from schemas.cloudevents import CloudEvent
from tests.support import topics

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
def stored(write: Callable[[str], Path], reflexarc: Command, kafka: str, prefix: str) -> str:
    """Three events in Kafka; the name of their topic."""
    write(f"""
        kafka: {{bootstrap: "{kafka}", prefix: {prefix}, partitions: 1, replication: 1}}
        sinks:
          functions: {{type: http, url: "http://127.0.0.1:8081/event"}}
        routes:
          - {{name: power, match: {{subject: VmPoweredOffEvent}}, to: functions}}
    """)
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
def test_json_gives_whole_events(stored: str, reflexarc: Command) -> None:
    outcome = reflexarc("tap", "--back", "1h", "--route", "power", "--limit", "1", "--json")
    told = json.loads(outcome.out)
    assert ("vc1/0/0", {"Key": 0}) == (told["id"], told["data"])


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
