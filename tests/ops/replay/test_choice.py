from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from clients.kafka.place import Stored
from ops.events.condition import condition
from ops.replay.choice import Chosen, ReplayChoice
from ops.replay.plan import Plan
from ops.replay.request import Request
from schemas.cloudevents import CloudEvent, kafka
from schemas.config import RouteConfig
from streams.routing.index import RouteIndex
from streams.routing.route import compile_routes

SIX = datetime(2026, 1, 31, 6, tzinfo=UTC)
EVENT = CloudEvent(
    id="vc1/0/1",
    source="https://vc1/sdk",
    type="t",
    subject="VmPoweredOffEvent",
    time="2026-01-31T06:00:00Z",
    datacontenttype="application/json",
    data=b'{"Key": 1}',
    extensions={"partitionkey": "vc1/vm-1"},
)


def stored(event: CloudEvent = EVENT, *, structured: bool = False, arrived: datetime = SIX) -> Stored:
    message = kafka.to_structured(event) if structured else kafka.to_binary(event)
    return Stored(b"vc1/vm-1", message.value, list(message.headers), round(arrived.timestamp() * 1000))


def choice(*routes: dict[str, Any], match: str = "", **fields: Any) -> ReplayChoice:
    request = Request.model_validate({"begin": SIX, "sinks": ("a", "b"), **fields})
    index = RouteIndex(compile_routes([RouteConfig.model_validate(route) for route in routes]))
    return ReplayChoice("dc", "r-1", Plan(request, (condition(match),), index, "0", ()))


ALL = {"name": "all", "to": ["a", "c"]}


def test_what_a_route_chooses_is_marked_and_has_no_origin() -> None:
    record = stored()
    foreign = [("reflexarc_origin", b"0/7"), ("reflexarc_routes", b"x"), ("ce_reflexarcreplay", b"older"), ("h", b"1")]
    given = record._replace(headers=[*record.headers, *foreign])
    ((sink, made),) = choice(ALL).of(given).made
    ours = [("h", b"1"), ("ce_reflexarcreplay", b"r-1"), ("reflexarc_routes", b"all")]
    assert ("a", "dc.sink.a", EVENT.data, b"vc1/vm-1") == (sink, made.topic, made.value, made.key)
    assert [*record.headers, *ours] == list(made.headers)
    expected = replace(EVENT, extensions=dict(EVENT.extensions) | {"reflexarcreplay": "r-1"})
    assert expected == kafka.from_message(made.headers, made.value)


def test_a_structured_event_carries_the_mark_in_its_json() -> None:
    ((_, made),) = choice(ALL).of(stored(structured=True)).made
    event = kafka.from_message(made.headers, made.value)
    assert "r-1" == event.extensions["reflexarcreplay"]
    assert orjson.loads(EVENT.data or b"") == orjson.loads(event.data or b"")
    assert [("content-type", b"application/cloudevents+json"), ("reflexarc_routes", b"all")] == [
        (name, (value or b"").split(b";")[0]) for name, value in made.headers
    ]


@pytest.mark.parametrize("structured", [False, True])
def test_a_transform_is_applied_for_its_sink_only(*, structured: bool) -> None:
    shaped = {"name": "shaped", "to": "b", "transform": {"constant": {"team": "x"}}}
    made = dict(choice(ALL, shaped).of(stored(structured=structured)).made)
    assert {"Key": 1, "team": "x"} == orjson.loads(made["b"].value or b"")
    event = kafka.from_message(made["b"].headers, made["b"].value)
    assert ("r-1", "vc1/0/1") == (event.extensions["reflexarcreplay"], event.id)
    assert {"Key": 1} == orjson.loads(kafka.from_message(made["a"].headers, made["a"].value).data or b"")


def test_what_a_transform_refuses_is_refused_for_its_sink_and_written_for_the_others() -> None:
    shaped = {"name": "shaped", "to": "b", "transform": {"pick": ["None.Such"]}}
    found = choice(ALL, shaped).of(stored())
    assert (None, ["a"], ["b"]) == (
        found.skipped,
        [sink for sink, _ in found.made],
        [sink for sink, _ in found.refused],
    )
    assert found.refused[0][1].startswith("transform.pick")


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (stored(replace(EVENT, time="2026-01-31T05:59:59Z")), "other time"),
        (stored(replace(EVENT, time="2026-01-31T06:59:59.9+01:00")), "other time"),
        (stored(replace(EVENT, time=None), arrived=SIX.replace(hour=5)), "other time"),
        (stored(replace(EVENT, time=None)), None),
        (stored(replace(EVENT, time="2026-01-31T07:00:00+01:00")), None),
        (stored(replace(EVENT, subject="HostEvent")), "no match"),
        (stored(replace(EVENT, subject="VmOther")), "no route"),
        (Stored(None, b"", [], 0), "no CloudEvent"),
        (stored()._replace(headers=[*stored().headers, ("ce_subject", b"\xff")]), "no CloudEvent"),
    ],
)
def test_an_event_that_goes_nowhere_says_why(record: Stored, expected: str | None) -> None:
    found = choice({"name": "off", "to": "a", "match": {"subject": "VmPoweredOff*"}}, match="subject=Vm*").of(record)
    assert expected == found.skipped


def test_a_subject_that_is_no_text_is_no_event() -> None:
    record = stored()
    broken = record._replace(
        headers=[each for each in record.headers if each[0] != "ce_subject"] + [("ce_subject", b"\xff")]
    )
    assert Chosen("no CloudEvent") == choice({"name": "off", "to": "a", "match": {"subject": "Vm*"}}).of(broken)


@pytest.mark.parametrize("timestamp", [-(2**63), 2**63 - 1])
def test_a_record_of_an_impossible_time_ends_no_replay(timestamp: int) -> None:
    """It happened at the nearest time that there is: here before, or long after what was asked for."""
    given = stored(replace(EVENT, time=None))._replace(timestamp=timestamp)
    expected = None if timestamp > 0 else "other time"
    assert expected == choice(ALL).of(given).skipped
