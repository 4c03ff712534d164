"""A TCP relay in front of a broker that tests share: it can go, come back, fall silent and speak TLS."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Self

from tests.sinks.destination import settle

if TYPE_CHECKING:
    import ssl


class Relay:
    """Relays to ``host:port``.

    Attributes:
        port: where it listens; the same one after it came back.
        silent: swallow what the broker says from now on.
    """

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._clients: set[asyncio.StreamWriter] = set()
        self.port = 0
        self.silent = False

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self, tls: ssl.SSLContext | None = None) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port, ssl=tls)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        await settle()
        if self._server is not None:
            self._server.close()
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)
        await settle()

    def say(self, data: bytes) -> None:
        """Say something to every client that the broker did not say."""
        for writer in self._clients:
            writer.write(data)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self._clients.add(writer)
        broker_reader, broker_writer = await asyncio.open_connection(*self._target)
        pumps = {
            asyncio.create_task(self._pump(reader, broker_writer, from_client=True)),
            asyncio.create_task(self._pump(broker_reader, writer, from_client=False)),
        }
        with suppress(asyncio.CancelledError):
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        for pump in pumps:
            pump.cancel()
        await asyncio.wait(pumps)
        self._clients.discard(writer)
        self._tasks.discard(task)
        writer.transport.abort()
        broker_writer.transport.abort()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, from_client: bool) -> None:
        try:
            while data := await reader.read(65536):
                if from_client or not self.silent:
                    writer.write(data)
                    await writer.drain()
        except ConnectionError:
            return
