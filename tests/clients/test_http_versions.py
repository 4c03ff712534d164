"""Which version of HTTP is spoken, against a server that would rather speak HTTP/2."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import h2.config
import h2.connection
import h2.events
import trustme

from clients.http import Channel, Client, Endpoint, header_lines
from tests.sinks.destination import ca_file, server_tls, settle

if TYPE_CHECKING:
    from pathlib import Path

LONG = 20.0


class Modern:
    """Answers 202 over HTTP/2 and HTTP/1.1, whichever the client agrees to.

    Attributes:
        versions: what each connection has agreed on.
        bodies: of the requests over HTTP/2.
    """

    def __init__(self, authority: trustme.CA) -> None:
        self._tls = server_tls(authority)
        self._tls.set_alpn_protocols(["h2", "http/1.1"])
        self.versions: list[str | None] = []
        self.bodies: list[bytes] = []

    async def __aenter__(self) -> str:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self._tls)
        return f"https://localhost:{self._server.sockets[0].getsockname()[1]}/"

    async def __aexit__(self, *_: object) -> None:
        await settle()
        self._server.close()
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        version = writer.get_extra_info("ssl_object").selected_alpn_protocol()
        self.versions.append(version)
        try:
            if version == "h2":
                await self._modern(reader, writer)
            else:
                await reader.readuntil(b"\r\n\r\n")
                writer.write(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n")
                await reader.read()
        except ConnectionError:
            return
        finally:
            writer.transport.abort()

    async def _modern(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
        connection.initiate_connection()
        writer.write(connection.data_to_send())
        while data := await reader.read(65536):
            for event in connection.receive_data(data):
                if isinstance(event, h2.events.DataReceived):
                    self.bodies.append(event.data)
                if isinstance(event, h2.events.StreamEnded):
                    connection.send_headers(event.stream_id, [(":status", "202")], end_stream=True)
            writer.write(connection.data_to_send())


async def ask(folder: Path, *, http2: bool, count: int) -> Modern:
    authority = trustme.CA()
    server = Modern(authority)
    async with server as url, Client() as client:
        channel = Channel(ca_file=str(ca_file(authority, folder)), http2=http2)
        endpoint = Endpoint("POST", url, LONG, channel)
        answers = [client.ask(endpoint, header_lines([]), b"%d" % number) for number in range(count)]
        assert [202] * count == [answer.status for answer in await asyncio.gather(*answers)]
    return server


async def test_http_1_1_is_spoken_unless_http_2_is_asked_for(tmp_path: Path) -> None:
    server = await ask(tmp_path, http2=False, count=1)

    assert {"http/1.1"} == set(server.versions)


async def test_http_2_carries_many_requests_over_one_connection(tmp_path: Path) -> None:
    server = await ask(tmp_path, http2=True, count=20)

    assert ["h2"] == server.versions
    assert sorted(b"%d" % number for number in range(20)) == sorted(server.bodies)
