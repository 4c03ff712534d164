"""A real HTTP server on loopback that records what it is sent and answers as told."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import trustme


@dataclass(frozen=True)
class Received:
    """One request as it arrived; header names keep their spelling and order."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


@dataclass(frozen=True)
class Answer:
    """What to answer; ``hold`` waits for the test to set it, or for the client to leave."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    hold: asyncio.Event | None = None


class Destination:
    """Starts on a free port and comes back on the same one.

    Attributes:
        answer: what to answer to a request.
        received: every request so far.
        accepted: those answered with 2xx.
        connections: peers seen so far.
        certificates: what each request's client has shown of itself, as ``ssl`` decodes it; None without any.
        abandoned: set when a client left before it was answered.
    """

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.answer: Callable[[Received], Answer] = lambda _: Answer()
        self.received: list[Received] = []
        self.accepted: list[Received] = []
        self.connections: set[tuple[str, int]] = set()
        self.certificates: list[Any] = []
        self.abandoned = asyncio.Event()
        self._arrived = asyncio.Condition()
        self.tls = tls
        self._port = 0
        self._runner: web.ServerRunner | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    @property
    def url(self) -> str:
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self._port}"

    @property
    def port(self) -> int:
        return self._port

    async def start(self) -> None:
        self._server = web.Server(self._handle, handler_cancellation=True)
        self._runner = web.ServerRunner(self._server, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(
            self._runner,
            "127.0.0.1",
            self._port,
            ssl_context=self.tls,
            reuse_address=True,
        )
        await site.start()
        self._port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        await settle()
        if self._runner is not None:
            transports = [connection.transport for connection in self._server.connections]
            await self._runner.cleanup()
            self._runner = None
            for transport in filter(None, transports):
                transport.abort()  # an idle client does not answer TLS that it is closing
            await settle()

    async def arrivals(self, count: int) -> None:
        """Wait until ``count`` requests have arrived in all."""
        async with self._arrived:
            await self._arrived.wait_for(lambda: len(self.received) >= count)

    async def _handle(self, request: web.BaseRequest) -> web.Response:
        headers = tuple((name.decode(), value.decode()) for name, value in request.raw_headers)
        received = Received(request.method, request.raw_path, headers, await request.content.read())
        if request.transport is not None:
            self.connections.add(request.transport.get_extra_info("peername"))
            self.certificates.append(request.transport.get_extra_info("peercert"))
        async with self._arrived:
            self.received.append(received)
            self._arrived.notify_all()
        answer = self.answer(received)
        if answer.hold is not None:
            try:
                await answer.hold.wait()
            except asyncio.CancelledError:
                self.abandoned.set()
                raise
        if answer.status < 300:
            self.accepted.append(received)
        return web.Response(status=answer.status, headers=answer.headers, body=answer.body)


async def settle() -> None:
    """Let the loop finish with clients that just came or went; asyncio leaks sockets that it is still accepting."""
    for _ in range(20):
        await asyncio.sleep(0)


def always(answer: Answer) -> Callable[[Received], Answer]:
    return lambda _: answer


def server_tls(authority: trustme.CA, *names: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*(names or ("localhost", "127.0.0.1"))).configure_cert(context)
    return context


def ca_file(authority: trustme.CA, folder: Path) -> Path:
    path = folder / "ca.pem"
    authority.cert_pem.write_to_path(path)
    return path
