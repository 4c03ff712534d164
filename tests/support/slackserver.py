"""Slack's side of Socket Mode: the Web API method that gives an address, and the WebSocket behind it."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

TICKET = "ticket-that-nobody-may-see"


class SlackServer:
    """Speaks to whoever connects with ``token``; the first ``refusals`` requests for an address are refused."""

    def __init__(self, token: str, *, refusals: int = 0) -> None:
        self.acknowledged: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.connections: asyncio.Queue[web.WebSocketResponse] = asyncio.Queue()
        self.asked = 0
        self.api = ""
        self._token = token
        self._refusals = refusals

    async def open(self, request: web.Request) -> web.Response:
        """apps.connections.open."""
        self.asked += 1
        if self.asked <= self._refusals or request.headers["Authorization"] != f"Bearer {self._token}":
            return web.json_response({"ok": False, "error": "invalid_auth"})
        url = request.url.with_scheme("ws").with_path("/link").with_query(ticket=TICKET, app_id="A1")
        return web.json_response({"ok": True, "url": str(url)})

    async def link(self, request: web.Request) -> web.WebSocketResponse:
        """The WebSocket: says hello, and keeps what is acknowledged."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "hello", "num_connections": 1, "connection_info": {"app_id": "A1"}})
        self.connections.put_nowait(socket)
        async for message in socket:
            if message.type == WSMsgType.TEXT:
                self.acknowledged.put_nowait(message.json())
        return socket


def envelope(kind: str, payload: dict[str, Any], *, identifier: str = "e1", words: bool = False) -> dict[str, Any]:
    """What Slack sends of a command (``slash_commands``) or a payload (``interactive``)."""
    return {
        "envelope_id": identifier,
        "type": kind,
        "payload": payload,
        "accepts_response_payload": words,
        "retry_attempt": 0,
        "retry_reason": "",
    }


@asynccontextmanager
async def slack_server(token: str, *, refusals: int = 0) -> AsyncIterator[SlackServer]:
    """A server on loopback while the block runs; ``api`` is its address."""
    server = SlackServer(token, refusals=refusals)
    app = web.Application()
    app.router.add_post("/api/apps.connections.open", server.open)
    app.router.add_get("/link", server.link)
    runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    server.api = f"http://{host}:{port}/api/"
    try:
        yield server
    finally:
        await runner.cleanup()
