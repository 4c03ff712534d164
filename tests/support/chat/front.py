"""One port for two callers: who speaks TLS is led to the server, and so is who asks a proxy for Slack (CONNECT)."""

from __future__ import annotations

import asyncio
from contextlib import suppress

TLS = b"\x16"
"""First byte of a TLS handshake."""


class Front:
    """Leads every connection to ``inner``.

    Attributes:
        port: of its own, the same after every start.
        connections: how many there were so far.
        targets: what proxied callers have asked for: ``host:port``.
    """

    def __init__(self, port: int = 0) -> None:
        self.port = port
        self.connections = 0
        self.targets: list[str] = []
        self._inner = 0
        self._server: asyncio.Server | None = None
        self._under_way: set[asyncio.Task[None]] = set()

    async def start(self, inner: int) -> None:
        """Listen, and lead to that port of loopback."""
        self._inner = inner
        self._server = await asyncio.start_server(self._take, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Nobody listens any more, and what is open breaks off."""
        if self._server is None:
            return
        self._server.close()
        for task in tuple(self._under_way):
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)
        self._server = None

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._under_way.add(task)
        self.connections += 1
        try:
            await self._lead(reader, writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self._under_way.discard(task)
            writer.transport.abort()

    async def _lead(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first = await reader.readexactly(1)
        if first != TLS:
            head = first + await reader.readuntil(b"\r\n\r\n")
            self.targets.append(head.split()[1].decode())
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            first = b""
        there, back = await asyncio.open_connection("127.0.0.1", self._inner)
        try:
            back.write(first)
            await asyncio.wait(
                [asyncio.create_task(_pump(reader, back)), asyncio.create_task(_pump(there, writer))],
                return_when=asyncio.ALL_COMPLETED,
            )
        finally:
            back.transport.abort()


async def _pump(source: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await source.read(65_536):
            to.write(data)
            await to.drain()
        if to.can_write_eof():
            to.write_eof()
