from __future__ import annotations

import asyncio
import json
import logging
from typing import TYPE_CHECKING, Any

import pytest

from schemas.config import RouteConfig
from schemas.errors import Unreachable
from streams.filters import View
from streams.routing import rules as module
from streams.routing.active import ActiveRoutes
from tests.support.eventbridge import Bus, stand_in
from tests.support.publisher import RecordingPublisher

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from streams.routing.active import ActiveRoutes as Active


@pytest.fixture
def bus(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bus]:
    monkeypatch.setattr(module, "PERIOD", 0.01)
    with stand_in(monkeypatch) as bus:
        yield bus


@pytest.fixture
def followed() -> Iterator[Callable[..., Active]]:
    """Makes routes that are followed, and lets go of their rules in the end."""
    made: list[Active] = []

    def make(publisher: RecordingPublisher | None = None) -> Active:
        made.append(ActiveRoutes("dc", publisher or RecordingPublisher(), instance="router-1", limit=2**20))
        return made[-1]

    yield make
    for active in made:
        active.close()


def route(name: str, **match: Any) -> RouteConfig:
    return RouteConfig.model_validate({"name": name, "match": match, "to": "a"})


def taken(active: Active, subject: str) -> list[str]:
    """Routes that an event with this subject takes."""
    event = View.of_attributes({"specversion": "1.0", "id": "1", "source": "/s", "type": "t", "subject": subject})
    return [name for chosen in active.choice._index.match(event).values() for name in chosen.routes]


def asking_for(subject: str) -> str:
    return json.dumps({"detail": {"subject": [subject]}})


async def test_the_audit_hears_of_routes_before_they_are_followed(followed: Callable[..., Active]) -> None:
    publisher = RecordingPublisher()
    active = followed(publisher)
    await active.follow((route("one"),))
    publisher.fail(Unreachable("no broker"))
    with pytest.raises(Unreachable):
        await active.follow((route("two"),))
    assert (["dc.audit"], ["one"]) == ([record.topic for record in publisher.records], taken(active, "x"))


async def test_the_pattern_of_a_rule_is_fetched_and_followed_when_it_changes(
    followed: Callable[..., Active], bus: Bus
) -> None:
    bus.rules["default", "off"] = asking_for("Off")
    active = followed()
    await active.follow((route("rule", pattern={"rule_arn": bus.arn("default", "off")}),))
    assert (["rule"], []) == (taken(active, "Off"), taken(active, "On"))
    keeping = asyncio.create_task(active.keep_rules())
    bus.rules["default", "off"] = asking_for("On")
    while taken(active, "Off"):
        await asyncio.sleep(0.01)
    assert ["rule"] == taken(active, "On")
    keeping.cancel()


async def test_a_rule_that_cannot_be_fetched_takes_no_event_and_keeps_nobody_up(
    followed: Callable[..., Active], bus: Bus
) -> None:
    active = followed()
    await active.follow((route("rule", pattern={"rule_arn": bus.arn("default", "gone")}), route("all")))
    assert ["all"] == taken(active, "Off")


async def test_an_operator_that_is_not_known_leaves_the_last_good_pattern(
    followed: Callable[..., Active], bus: Bus, caplog: pytest.LogCaptureFixture
) -> None:
    bus.rules["default", "off"] = asking_for("Off")
    active = followed()
    await active.follow((route("rule", pattern={"rule_arn": bus.arn("default", "off")}),))
    keeping = asyncio.create_task(active.keep_rules())
    bus.rules["default", "off"] = json.dumps({"detail": {"subject": [{"sounds-like": "Of"}]}})
    with caplog.at_level(logging.ERROR):
        while "sounds-like" not in caplog.text:
            await asyncio.sleep(0.01)
    assert ["rule"] == taken(active, "Off")
    keeping.cancel()


async def test_a_rule_that_means_nothing_to_us_leaves_the_others_alone(
    followed: Callable[..., Active], bus: Bus
) -> None:
    bus.rules["default", "bad"] = json.dumps({"detail": {"subject": [{"sounds-like": "Of"}]}})
    bus.rules["default", "off"] = asking_for("Off")
    active = followed()
    arns = {name: bus.arn("default", name) for name in ("bad", "off")}
    await active.follow(tuple(route(name, pattern={"rule_arn": arn}) for name, arn in arns.items()))
    assert ["off"] == taken(active, "Off")
