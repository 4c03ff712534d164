from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from aiohttp import web

from bench.webhook import load

if TYPE_CHECKING:
    from pathlib import Path


async def test_senders_tell_what_they_heard(tmp_path: Path) -> None:
    """Each connection sends CloudEvents of 1.2 KB in binary mode, with ids of its own; refusals are told apart."""
    seen: list[tuple[str, int]] = []

    async def take(request: web.Request) -> web.Response:
        seen.append((request.headers["ce-id"], len(await request.read())))
        return web.Response(status=429 if len(seen) % 2 else 202)

    app = web.Application()
    app.router.add_post("/events", take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        program = await asyncio.to_thread(load.build, tmp_path)
        host, port = runner.addresses[0][:2]
        answered = await asyncio.to_thread(load.send, program, f"{host}:{port}", run="r", connections=3, seconds=0.2)
    finally:
        await runner.cleanup()
    assert len(seen) == answered.accepted + answered.refused == len({name for name, _ in seen})
    assert {1200} == {size for _, size in seen}
    assert {"0000", "0001", "0002"} == {name.split("-")[1] for name, _ in seen}
    assert abs(answered.accepted - answered.refused) <= 1
    assert 0 < answered.p50 <= answered.p99
