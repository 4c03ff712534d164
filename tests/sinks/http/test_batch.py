from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, cast

import pytest

from schemas.cloudevents import json
from schemas.errors import Reject, Retry, Unavailable
from sinks.http.sink import AT_ONCE
from tests.sinks.bench import event
from tests.sinks.destination import Answer, Destination
from tests.sinks.test_http import HttpBench

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from clients.http import Client
    from sinks.http import HttpSink

EVENTS = [event(number) for number in range(5)]


@pytest.fixture
async def bench(client: Client, tmp_path: Path) -> AsyncIterator[HttpBench]:
    async with Destination() as destination:
        yield HttpBench(client, tmp_path, destination, "batch")


def sink_of(bench: HttpBench, **fields: Any) -> HttpSink:
    return cast("HttpSink", bench.sink(**fields))


def sizes(bench: HttpBench) -> list[int]:
    return [len(json.loads_batch(received.body)) for received in bench.destination.received]


async def test_events_go_together_in_one_request(bench: HttpBench) -> None:
    sink = sink_of(bench)

    outcomes = await sink.send_batch(EVENTS)

    assert ([None] * 5, EVENTS, [5]) == (outcomes, await bench.delivered(), sizes(bench))


async def test_a_request_is_no_larger_than_allowed(bench: HttpBench) -> None:
    sink = sink_of(bench, batch_size="1KiB")

    outcomes = await sink.send_batch(EVENTS)

    assert ([None] * 5, 5) == (outcomes, sum(sizes(bench)))
    assert [] == [received for received in bench.destination.received if len(received.body) > 1024]
    assert len(sizes(bench)) > 1


async def test_an_answer_is_about_every_event_of_its_request(bench: HttpBench) -> None:
    bench.answer(503, {"Retry-After": "7"})

    outcomes = await sink_of(bench).send_batch(EVENTS)

    assert [("503", 7.0)] * 5 == [(each.status, each.after) for each in outcomes if isinstance(each, Retry)]
    assert [5] == sizes(bench)


async def test_a_request_that_is_refused_leaves_open_which_event_is_at_fault(bench: HttpBench) -> None:
    bench.answer(400)

    outcomes = await sink_of(bench).send_batch(EVENTS)

    assert ([True] * 5, 1) == ([isinstance(each, Reject) for each in outcomes], len(set(map(id, outcomes))))
    assert [5] == sizes(bench)


async def test_few_requests_of_a_batch_are_under_way(bench: HttpBench) -> None:
    hold = asyncio.Event()
    bench.destination.answer = lambda _: Answer(hold=hold)
    many = [event(number) for number in range(40)]
    sending = asyncio.create_task(sink_of(bench, batch_size="1KiB").send_batch(many))

    await bench.destination.arrivals(AT_ONCE)
    await asyncio.sleep(0.1)
    under_way = len(sizes(bench))
    hold.set()

    assert ([None] * 40, AT_ONCE, 40) == (await sending, under_way, sum(sizes(bench)))


async def test_without_anybody_there_every_event_waits(bench: HttpBench) -> None:
    await bench.leave()

    outcomes = await sink_of(bench).send_batch(EVENTS)

    assert [Unavailable] * 5 == [type(each) for each in outcomes]


def test_only_the_batch_mode_says_how_many_it_takes(bench: HttpBench) -> None:
    assert (7, 1) == (sink_of(bench, batch=7).batch, sink_of(bench, mode="binary").batch)
