from __future__ import annotations

from typing import Any

import orjson
import pytest

from schemas.cloudevents import CloudEvent
from schemas.config import AlarmConfig
from streams.filters import Compilation, Condition, View
from streams.filters.alarm import compile_alarm


def edge(given: dict[str, Any]) -> Condition:
    compiled = compile_alarm(AlarmConfig.model_validate(given), ("alarm",), Compilation())
    assert compiled is not None
    return compiled


def view(data: Any, subject: str = "AlarmStatusChangedEvent") -> View:
    return View.of_event(CloudEvent(id="1", source="/s", type="t", subject=subject, data=orjson.dumps(data)))


RISES = {"Alarm": {"Name": "Host CPU usage"}, "From": "yellow", "To": "red"}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, True),
        ({"name": "Host CPU usage"}, True),
        ({"name": ["Host mem*", "Host CPU*"]}, True),
        ({"name": "Host"}, False),
        ({"to": "red"}, True),
        ({"from": ["green", "yellow"], "to": "red"}, True),
        ({"from": ["yellow", "red"], "to": "red"}, True),
        ({"from": "green"}, False),
        ({"to": ["green", "yellow"]}, False),
    ],
)
def test_an_edge_is_an_alarm_and_its_status_before_and_after(given: dict[str, Any], expected: bool) -> None:  # noqa: FBT001
    assert expected == edge(given).holds(view(RISES))


@pytest.mark.parametrize(
    "event",
    [
        view(RISES, "AlarmCreatedEvent"),
        view([]),
        view({"Alarm": "x"}),
        view({"From": {}, "To": [1], "Alarm": {"Name": 1}}),
    ],
)
def test_anything_else_is_no_edge(event: View) -> None:
    assert not edge({"name": "*", "from": "yellow", "to": "red"}).holds(event)


def test_what_is_not_as_it_should_be_is_named() -> None:
    finding = edge({"from": ["green", "gray"], "to": "red"}).finding(view(RISES))
    assert ("alarm.from", "is gray or green", '"yellow"') == (finding.where, finding.wanted, finding.saw)


def test_an_event_of_another_subject_is_said_to_be_one() -> None:
    finding = edge({"to": "red"}).finding(view(RISES, "VmPoweredOnEvent"))
    assert ("subject", "is AlarmStatusChangedEvent") == (finding.where, finding.wanted)
