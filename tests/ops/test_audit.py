from __future__ import annotations

from datetime import UTC, datetime

import orjson

from ops.audit import SINK_PAUSED, acted
from schemas.cloudevents import kafka

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


def test_what_an_operator_did_is_an_event() -> None:
    """Who, what, when and why, in a form that every reader of CloudEvents knows."""
    told = acted("dc", SINK_PAUSED, "functions", actor="eve@noc", reason="maintenance", now=NOON, more={"n": 1})
    event = kafka.from_message(told.headers, told.value)
    assert ("dc.audit", "com.reflexarc.sink.paused", "functions") == (told.topic, event.type, event.subject)
    assert ("2026-01-02T12:00:00.000Z", "/dc.operator", b"/dc.operator") == (event.time, event.source, told.key)
    assert {"sink": "functions", "actor": "eve@noc", "reason": "maintenance", "n": 1} == orjson.loads(event.data or b"")


def test_no_two_events_have_one_id() -> None:
    """What is done twice is told twice."""
    ids = {dict(acted("dc", SINK_PAUSED, "f", actor="", reason="", now=NOON).headers)["ce_id"] for _ in range(2)}
    assert 2 == len(ids)
