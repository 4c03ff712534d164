"""A probe on loopback that answers as a test has it."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def probe(handler: Handler) -> AsyncIterator[str]:
    """Its base URL; ``handler`` answers ``/metrics``."""
    app = web.Application()
    app.router.add_get("/metrics", handler)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def saying(text: str) -> Handler:
    """Answers with a text."""

    async def answer(_: web.Request) -> web.Response:
        return web.Response(text=text)

    return answer
