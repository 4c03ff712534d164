"""Which roles an installation needs."""

from __future__ import annotations

import asyncio

import pytest

from schemas.config import Config, KafkaConfig, RouteConfig
from schemas.errors import Refused
from sinks.analytics import AnalyticsConfig, CountsConfig
from streams.app import roles, run

PLAIN = Config(kafka=KafkaConfig(bootstrap="localhost:1"))
STORM = RouteConfig.model_validate({"name": "storm", "enabled": False, "to": "a", "throttle": {"once_within": "5m"}})


def test_a_throttle_is_needed_when_a_route_has_one_be_it_off() -> None:
    assert ("router", "deliver") == roles(PLAIN)
    assert ("router", "throttle", "deliver") == roles(PLAIN.model_copy(update={"routes": (STORM,)}))


def test_counting_is_needed_when_a_sink_has_counts() -> None:
    rows = AnalyticsConfig.model_validate({"name": "rows", "type": "analytics"})
    counted = rows.model_copy(update={"counts": CountsConfig(window=60.0)})
    assert ("router", "deliver") == roles(PLAIN.model_copy(update={"sinks": {"rows": rows}}))
    assert ("router", "deliver", "analytics") == roles(PLAIN.model_copy(update={"sinks": {"rows": counted}}))


async def test_counting_that_nothing_needs_says_what_to_do() -> None:
    with pytest.raises(Refused, match="no sink of type analytics has counts") as caught:
        await run(PLAIN, "analytics", stop=asyncio.Event(), started=lambda: None)
    assert "give the sink counts, or leave this role out" == caught.value.cure


async def test_a_throttle_that_nothing_needs_says_what_to_do() -> None:
    with pytest.raises(Refused, match="no route has a throttle") as caught:
        await run(PLAIN, "throttle", stop=asyncio.Event(), started=lambda: None)
    assert "give a route a throttle, or leave this role out" == caught.value.cure
