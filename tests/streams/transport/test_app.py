from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from schemas.errors import ReflexarcError
from streams.transport import Chunk, Lease, Revoked
from streams.transport.app import TransportApp

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable


class Stream:
    """What Faust hands to an agent."""

    def __init__(self, *chunks: Chunk) -> None:
        self._chunks = chunks

    def noack(self) -> Stream:
        return self

    async def events(self) -> AsyncIterator[Any]:
        for chunk in self._chunks:
            yield SimpleNamespace(value=chunk)


@pytest.fixture
async def app() -> TransportApp:
    return TransportApp("g", consumer_options={}, publisher=None, drain=1.0, explain=None)


async def run(app: TransportApp, handle: Callable[[Chunk], Awaitable[None]], chunks: int = 1) -> None:
    bodies: list[Any] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(app, "agent", lambda *_args, **_kwargs: bodies.append)
        app.consume("topic", "name", handle)
    await bodies[0](Stream(*[Chunk(Lease(asyncio.get_running_loop()), ()) for _ in range(chunks)]))


async def test_a_revoked_chunk_is_left_and_the_next_one_taken(app: TransportApp) -> None:
    seen: list[Chunk] = []

    async def handle(chunk: Chunk) -> None:
        seen.append(chunk)
        raise Revoked

    await run(app, handle, chunks=2)
    assert 2 == len(seen)


async def test_an_error_in_an_agent_ends_the_app_instead_of_stalling_a_partition(app: TransportApp) -> None:
    async def handle(_: Chunk) -> None:
        raise ReflexarcError("no such topic")

    with pytest.raises(ReflexarcError):
        await run(app, handle)
    with pytest.raises(ReflexarcError, match="no such topic"):
        await app._failure


async def test_a_cancellation_from_within_ends_the_app_too(app: TransportApp) -> None:
    async def handle(_: Chunk) -> None:
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await run(app, handle)
    with pytest.raises(ReflexarcError, match="name was cancelled"):
        await app._failure
