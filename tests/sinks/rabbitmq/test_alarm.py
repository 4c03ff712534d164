from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from pamqp import commands, frame

from schemas.errors import Unavailable
from tests.sinks.bench import SOON, event
from tests.sinks.rabbitmq.node import Node

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from ops.dev.component import Status
    from sinks.base import Sink
    from tests.sinks.rabbitmq.bench import RabbitMqBench

pytestmark = pytest.mark.stack

ACCEPTED = "accepted"
ALARM = {"takes no messages for now (memory or disk alarm)"}


@pytest.fixture
async def node(stack: Status) -> AsyncIterator[Node]:
    node = Node(stack["rabbitmq"])
    yield node
    await node.end_alarm()


async def outcome(sink: Sink, number: int) -> str:
    try:
        await sink.send(event(number))
    except Unavailable as error:
        return error.reason.partition(" ")[2]
    return ACCEPTED


async def until_opened(sink: Sink) -> None:
    async with asyncio.timeout(60):
        while True:
            try:
                return await sink.open()
            except Unavailable:
                await asyncio.sleep(0.1)


async def test_events_wait_out_an_alarm_and_arrive_once_each(bench: RabbitMqBench, node: Node) -> None:
    sink = bench.sink(timeout="60s")
    await sink.open()
    left = set(range(200))

    async def attempt() -> set[str]:
        """Send what has not been accepted yet, all at once; the reasons of what still is not."""
        said = dict(
            zip(sorted(left), await asyncio.gather(*(outcome(sink, each) for each in sorted(left))), strict=True)
        )
        left.difference_update(number for number, reason in said.items() if reason == ACCEPTED)
        return set(said.values()) - {ACCEPTED}

    await node.raise_alarm()
    assert ALARM == await attempt()
    assert ALARM == await attempt()
    with pytest.raises(Unavailable, match="takes no messages"):
        await sink.open()
    await node.end_alarm()
    await until_opened(sink)
    assert set() == await attempt()

    assert list(range(200)) == sorted(int(each.id.rpartition("/")[2]) for each in await bench.delivered())
    await sink.close()


async def test_an_alarm_is_no_fault_of_the_event_that_meets_it(bench: RabbitMqBench) -> None:
    sink = bench.sink(timeout=SOON)
    await sink.open()
    bench.relay.say(frame.marshal(commands.Connection.Blocked(reason="low on memory"), 0))
    bench.fall_silent()

    with pytest.raises(Unavailable, match="takes no messages"):
        await sink.send(event())

    await sink.close()


async def test_nothing_is_written_from_the_moment_on_that_the_broker_has_said_stop(
    bench: RabbitMqBench, caplog: pytest.LogCaptureFixture
) -> None:
    sink = bench.sink()
    await sink.open()
    bench.relay.say(frame.marshal(commands.Connection.Blocked(reason="low on memory"), 0))
    async with asyncio.timeout(10):
        while "was blocked" not in caplog.text:
            await asyncio.sleep(0)

    assert ALARM == set(await asyncio.gather(*(outcome(sink, number) for number in range(20))))

    bench.relay.say(frame.marshal(commands.Connection.Unblocked(), 0))
    await until_opened(sink)
    await sink.send(event(20))
    assert [event(20)] == await bench.delivered()
    await sink.close()


async def test_a_broker_that_is_gone_is_not_taken_for_one_with_an_alarm(bench: RabbitMqBench) -> None:
    sink = bench.sink()
    await sink.open()
    bench.relay.say(frame.marshal(commands.Connection.Blocked(reason="low on memory"), 0))
    bench.fall_silent()
    with pytest.raises(Unavailable, match="takes no messages"):
        await sink.send(event())

    await bench.leave()
    bench.relay.silent = False
    await bench.come_back()
    await until_opened(sink)
    await sink.send(event())

    assert {event()} == set(await bench.delivered())
    await sink.close()
