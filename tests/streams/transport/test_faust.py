"""Faust as its users know it, on the transport: ordinary agents, tables, group_by, timers, web."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from schemas.errors import ReflexarcError
from tests.streams.transport.apps import serving, until
from tests.support import topics

if TYPE_CHECKING:
    from streams.transport.app import TransportApp

pytestmark = pytest.mark.stack

PARTITIONS = 3


@pytest.fixture
def source(kafka: str, prefix: str) -> str:
    topics.create(kafka, prefix, partitions=PARTITIONS)
    return prefix


def keyed(kafka: str, topic: str, count: int, *, keys: int = 10) -> None:
    for key in range(keys):
        values = [b"%d" % number for number in range(key, count, keys)]
        topics.produce(kafka, topic, values, key=b"%d" % key)


async def test_an_ordinary_agent_gets_single_records_and_they_are_committed(kafka: str, source: str) -> None:
    seen: list[tuple[Any, Any, Any]] = []

    def declare(app: TransportApp) -> None:
        @app.agent(app.topic(source))
        async def note(stream: Any) -> None:
            async for event in stream.events():
                seen.append((event.key, event.value, event.message.offset))  # noqa: PERF401 - as agents do it

    keyed(kafka, source, 50)
    async with serving(kafka, f"{source}.group", declare):
        await until(lambda: len(seen) == 50)
    assert {(b"%d" % (n % 10), b"%d" % n) for n in range(50)} == {(key, value) for key, value, _ in seen}
    assert 50 == topics.committed_in_all(kafka, f"{source}.group", source)


async def test_take_acknowledges_its_batch(kafka: str, source: str) -> None:
    batches: list[int] = []

    def declare(app: TransportApp) -> None:
        @app.agent(app.topic(source))
        async def note(stream: Any) -> None:
            async for values in stream.take(10, within=0.2):
                batches.append(len(values))  # noqa: PERF401 - as agents do it

    keyed(kafka, source, 45)
    async with serving(kafka, f"{source}.group", declare):
        await until(lambda: sum(batches) == 45)
    assert 45 == topics.committed_in_all(kafka, f"{source}.group", source)


async def test_an_agent_that_raises_ends_the_app_and_its_event_comes_again(kafka: str, prefix: str) -> None:
    topics.create(kafka, prefix)
    topics.produce(kafka, prefix, [b"a", b"b", b"c"])
    seen: list[bytes] = []

    def declare(app: TransportApp) -> None:
        @app.agent(app.topic(prefix))
        async def note(stream: Any) -> None:
            async for value in stream:
                if value == b"b" and b"b" not in seen:
                    seen.append(value)
                    raise ReflexarcError("not today")
                seen.append(value)

    async def serve() -> None:
        async with serving(kafka, f"{prefix}.group", declare):
            await until(lambda: b"b" in seen)
            await asyncio.sleep(1)  # longer than a commit takes

    with pytest.raises(ReflexarcError, match="not today"):
        await serve()
    assert 1 == topics.committed(kafka, f"{prefix}.group", prefix)
    async with serving(kafka, f"{prefix}.group", declare):
        await until(lambda: len(seen) >= 4 and seen[-1] == b"c")
    # Faust may have begun the agent anew, behind its event, before the app had ended.
    assert ([b"a", b"b"], [b"b", b"c"]) == (seen[:2], seen[-2:])


async def test_records_not_begun_at_a_revocation_are_left_to_the_next_owner(kafka: str, prefix: str) -> None:
    topics.create(kafka, prefix)
    topics.produce(kafka, prefix, [b"%d" % number for number in range(100)])
    seen: list[bytes] = []
    enough = asyncio.Event()

    def declare(app: TransportApp) -> None:
        @app.agent(app.topic(prefix))
        async def note(stream: Any) -> None:
            async for value in stream:
                seen.append(value)
                if len(seen) == 10:
                    enough.set()
                    await asyncio.sleep(0.5)  # the revocation waits for this one

    async with serving(kafka, f"{prefix}.group", declare):
        await enough.wait()
    first = len(seen)
    async with serving(kafka, f"{prefix}.group", declare):
        await until(lambda: len(seen) >= 100)
    assert (10, [b"%d" % number for number in range(100)]) == (first, seen)


async def test_group_by_repartitions_and_the_source_is_committed_behind_the_copy(kafka: str, source: str) -> None:
    grouped = f"{source}.grouped"
    topics.create(kafka, grouped, partitions=PARTITIONS)
    seen: Counter[bytes] = Counter()

    def declare(app: TransportApp) -> None:
        @app.agent(app.topic(source))
        async def note(stream: Any) -> None:
            target = app.topic(grouped, key_serializer="raw", value_serializer="raw")
            async for event in stream.group_by(lambda value: value[-1:], name="last", topic=target).events():
                seen[event.key] += 1

    keyed(kafka, source, 60)
    async with serving(kafka, f"{source}.group", declare):
        await until(lambda: seen.total() == 60)
    assert {b"%d" % digit: 6 for digit in range(10)} == seen
    assert 60 == topics.committed_in_all(kafka, f"{source}.group", source)
    assert 60 == topics.ends(kafka, grouped)


async def test_timers_run_and_the_web_server_answers(kafka: str, source: str, unused_tcp_port_factory: Any) -> None:
    ticks: list[float] = []
    port = unused_tcp_port_factory()

    def declare(app: TransportApp) -> None:
        @app.timer(0.05)  # type: ignore[untyped-decorator]
        async def tick() -> None:
            ticks.append(asyncio.get_running_loop().time())

        @app.page("/hello")
        async def hello(view: Any, _request: Any) -> Any:
            return view.json({"hello": "world"})

        @app.agent(app.topic(source))
        async def note(stream: Any) -> None:
            async for _ in stream:
                pass

    web = {"web_enabled": True, "web_host": "127.0.0.1", "web_bind": "127.0.0.1", "web_port": port}
    async with serving(kafka, f"{source}.group", declare, **web), aiohttp.ClientSession() as session:
        await until(lambda: len(ticks) >= 3)
        async with session.get(f"http://127.0.0.1:{port}/hello") as answer:
            assert {"hello": "world"} == await answer.json()


async def test_to_be_stopped_in_the_middle_of_a_rebalance_is_no_crash(kafka: str, source: str) -> None:
    def declare(app: TransportApp) -> None:
        @app.agent(app.topic(source))
        async def note(stream: Any) -> None:
            async for _ in stream:
                pass

    async with serving(kafka, f"{source}.group", declare) as app:
        app.on_rebalance_start()
    assert None is app.crash_reason
