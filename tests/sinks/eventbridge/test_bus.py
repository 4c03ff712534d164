from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from clients.aws.session import Access, Session
from schemas.errors import Unavailable
from sinks.eventbridge.bus import AGAIN, Bus
from sinks.eventbridge.config import EventBridgeConfig
from sinks.eventbridge.entry import to_entry
from tests.sinks.bench import event
from tests.sinks.eventbridge.bus import BUS, REGION

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.sinks.eventbridge.bench import EventBridgeBench


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def config(classic: EventBridgeBench) -> EventBridgeConfig:
    return EventBridgeConfig(name="s", bus=BUS, endpoint=classic.destination.url)


@pytest.fixture
async def bus(config: EventBridgeConfig, clock: Clock) -> AsyncIterator[Bus]:
    """A bus that was seen at the start."""
    bus = Bus(config, Session(Access(region=REGION)), clock=clock)
    await asyncio.to_thread(bus.verify)
    yield bus
    bus.close()


def put(bus: Bus, entries: list[dict[str, Any]]) -> None:
    bus.recheck()
    bus.put(entries)


async def test_a_bus_that_is_deleted_is_missed_within_a_minute(
    bus: Bus, clock: Clock, classic: EventBridgeBench, config: EventBridgeConfig
) -> None:
    classic.bus.fail["DescribeEventBus"] = 400, "ResourceNotFoundException", {}
    entries = [to_entry(event(), config)]

    clock.now += AGAIN
    await asyncio.to_thread(put, bus, entries)
    clock.now += 1
    for _ in range(2):
        with pytest.raises(Unavailable, match="ResourceNotFoundException"):
            await asyncio.to_thread(put, bus, entries)

    assert [entries[0]["Detail"]] == [entry["Detail"] for entry in classic.bus.taken]


async def test_a_bus_that_is_there_is_looked_for_once_a_minute(
    bus: Bus, clock: Clock, classic: EventBridgeBench, config: EventBridgeConfig
) -> None:
    clock.now += AGAIN + 1
    for _ in range(3):
        await asyncio.to_thread(put, bus, [to_entry(event(), config)])

    targets = [received.header("X-Amz-Target") for received in classic.destination.received]
    assert ["AWSEvents.DescribeEventBus"] * 2 + ["AWSEvents.PutEvents"] * 3 == targets


async def test_a_bus_that_may_not_be_looked_at_is_used_without_a_word(
    bus: Bus, clock: Clock, classic: EventBridgeBench, config: EventBridgeConfig
) -> None:
    classic.bus.fail["DescribeEventBus"] = 400, "AccessDeniedException", {}
    clock.now += AGAIN + 1

    await asyncio.to_thread(put, bus, [to_entry(event(), config)])

    assert [event()] == await classic.delivered()
