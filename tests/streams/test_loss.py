from __future__ import annotations

from datetime import UTC, datetime

import orjson
from faust.types import TP

from schemas.cloudevents import kafka
from streams.loss import lost
from streams.transport.ledger import Run


def test_a_loss_is_an_event_with_the_range_and_an_id_that_stays_the_same() -> None:
    now = datetime(2026, 11, 28, 12, 30, tzinfo=UTC)
    record = lost("dc", "deliver", TP("dc.sink.x", 3), Run(10, 29), now)
    event = kafka.from_message(record.headers, record.value)
    assert ("dc.events", b"dc.sink.x/3") == (record.topic, record.key)
    assert ("com.reflexarc.stream.lost", "dc.sink.x", "/dc.deliver") == (event.type, event.subject, event.source)
    assert ("dc.deliver/dc.sink.x/3/10-29", "2026-11-28T12:30:00.000Z") == (event.id, event.time)
    assert {
        "topic": "dc.sink.x",
        "partition": 3,
        "first": 10,
        "last": 29,
        "group": "dc.deliver",
        "reason": "deleted before it was delivered",
    } == orjson.loads(event.data or b"")
