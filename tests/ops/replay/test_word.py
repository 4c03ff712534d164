from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import orjson

from ops.replay import word
from schemas.cloudevents import kafka
from tests.ops.replay.test_bookmark import BOOKMARK

NOW = datetime(2026, 11, 28, 12, 0, 1, tzinfo=UTC)


def data(value: bytes | None) -> Any:
    return orjson.loads(value or b"")


def test_the_beginning_says_who_asked_for_what() -> None:
    record = word.started("dc", BOOKMARK, NOW, by="ann@ops", resumed=True)
    event = kafka.from_message(record.headers, record.value)
    assert ("dc.audit", word.STARTED, BOOKMARK.id) == (record.topic, event.type, event.subject)
    expected = {
        "actor": "ann@ops",
        "resumed": True,
        "request": {"begin": "2026-11-27T00:00:00Z", "match": ["subject=Vm*"], "sinks": ["a"], "routes": "/r"},
        "routes": BOOKMARK.routes,
        "offsets": 4,
    }
    assert expected == data(record.value)


def test_the_end_says_what_was_done() -> None:
    record = word.ended("dc", BOOKMARK, NOW, by="ann@ops", outcome="interrupted")
    told = data(record.value)
    assert ("interrupted", 4, 5, {"a": 4}) == (told["outcome"], told["left"], told["read"], told["written"])
    assert kafka.from_message(record.headers, record.value).id != BOOKMARK.id


def test_what_is_told_is_bounded() -> None:
    wide = BOOKMARK.request.model_copy(update={"match": ("x" * 10**6,), "sinks": tuple(map(str, range(5_000)))})
    counts = dict.fromkeys(map(str, range(5_000)), 1)
    tally = BOOKMARK.tally.model_copy(update={"written": counts, "refused": counts})
    bookmark = BOOKMARK.model_copy(update={"request": wide, "tally": tally})
    first = word.started("dc", bookmark, NOW, by="ann@ops", resumed=False)
    last = word.ended("dc", bookmark, NOW, by="ann@ops", outcome="failed: " + "x" * 10**6)
    assert all(record.size < 2**17 for record in (first, last))
