from __future__ import annotations

import asyncio
from functools import partial
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from schemas.errors import ReflexarcError
from streams.transport import Chunk, Lease
from streams.transport.agents import loud
from streams.transport.app import TransportApp

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


class Stream:
    """What Faust hands to an agent."""

    def __init__(self, *chunks: Chunk) -> None:
        self._chunks = chunks

    def noack(self) -> Stream:
        return self

    async def events(self) -> AsyncIterator[Any]:
        for chunk in self._chunks:
            yield SimpleNamespace(value=chunk)
        await asyncio.Event().wait()


@pytest.fixture
async def app() -> TransportApp:
    return TransportApp("g", consumer_options={}, publisher=None, drain=1.0, explain=None)


def agent_of(app: TransportApp, handle: Any) -> Any:
    bodies: list[Any] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(app, "agent", lambda *_args, **_kwargs: bodies.append)
        app.consume("topic", "name", handle)
    return bodies[0]


async def test_an_error_in_a_handler_ends_the_app_instead_of_stalling_a_partition(app: TransportApp) -> None:
    async def handle(_: Chunk) -> None:
        raise ReflexarcError("no such topic")

    chunk = Chunk(Lease(asyncio.get_running_loop()), (1,))
    task = asyncio.create_task(agent_of(app, handle)(Stream(chunk)))
    with pytest.raises(ReflexarcError, match="no such topic"):
        await app._failure
    task.cancel()
    assert (True, True) == (app.failing, "topic" in app.chunked)


async def test_an_agent_that_is_cancelled_from_within_ends_the_app(app: TransportApp) -> None:
    async def agent(_: object) -> None:
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await loud(agent, partial(app._cancelled, "name"))(None)
    with pytest.raises(ReflexarcError, match="the agent name was cancelled"):
        await app._failure


async def test_a_generating_agent_that_is_cancelled_from_within_ends_the_app(app: TransportApp) -> None:
    async def agent(_: object) -> AsyncIterator[int]:
        yield 1
        raise asyncio.CancelledError

    async def values() -> list[int]:
        return [value async for value in loud(agent, partial(app._cancelled, "name"))(None)]

    with pytest.raises(asyncio.CancelledError):
        await values()
    assert app.failing


async def test_an_error_in_an_ordinary_agent_ends_the_app(app: TransportApp) -> None:
    await app._on_agent_error(None, ReflexarcError("it raised"))
    with pytest.raises(ReflexarcError, match="it raised"):
        await app._failure
