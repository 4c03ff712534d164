from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import orjson

from schemas.cloudevents import kafka
from schemas.config import RouteConfig
from streams.routing.activation import activated, fingerprint

NOW = datetime(2026, 11, 28, 7, 30, tzinfo=UTC)


def routes(**matches: dict[str, Any]) -> tuple[RouteConfig, ...]:
    return tuple(
        RouteConfig.model_validate({"name": name, "match": match, "to": "a"}) for name, match in matches.items()
    )


def test_the_same_routes_have_the_same_fingerprint_and_any_change_gives_another() -> None:
    first = routes(a={"subject": "x"}, b={})
    assert fingerprint(first) == fingerprint(routes(a={"subject": ["x"]}, b={}))
    others = (routes(a={"subject": "y"}, b={}), routes(b={}, a={"subject": "x"}), routes(a={"subject": "x"}))
    assert {fingerprint(other) for other in others}.isdisjoint({fingerprint(first)})


def test_the_audit_says_what_is_different() -> None:
    before, after = routes(a={}, b={}, c={}), routes(b={"subject": "x"}, c={}, d={})
    record = activated("dc", "router-1", before, after, NOW)
    event = kafka.from_message(record.headers, record.value)
    assert (record.topic, event.type, event.subject) == (
        "dc.audit",
        "com.reflexarc.routes.activated",
        fingerprint(after),
    )
    assert orjson.loads(event.data or b"") == {
        "hash": fingerprint(after),
        "previous": fingerprint(before),
        "routes": 3,
        "added": ["d"],
        "removed": ["a"],
        "changed": ["b"],
    }


def test_the_first_routes_follow_none() -> None:
    record = activated("dc", "router-1", (), routes(a={}), NOW)
    assert orjson.loads(record.value or b"")["previous"] is None
