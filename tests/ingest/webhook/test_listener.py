from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from ingest.webhook.admission import Admission
from ingest.webhook.intake import Intake
from ingest.webhook.listener import listening, vacant
from ingest.webhook.server import application
from schemas.config import WebhookConfig
from schemas.errors import Refused
from tests.ingest.webhook.conftest import events
from tests.support.publisher import RecordingPublisher

if TYPE_CHECKING:
    from clients.kafka.record import Position
    from ingest.webhook.intake import Publisher

EVENT = b"ce-specversion: 1.0\r\nce-id: 1\r\nce-source: /probe\r\nce-type: com.example.probe\r\n"
HEAD = b"POST /events HTTP/1.1\r\nHost: a\r\n" + EVENT


def storing(publisher: Publisher) -> Intake:
    return Intake(publisher, RecordingPublisher(), topic=events("t.events"))


class Server:
    """A listener that stops when it is told to, and the connections of one test to it."""

    def __init__(self, publisher: Publisher) -> None:
        self._stop = asyncio.Event()
        self._url: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._task = asyncio.ensure_future(self._run(publisher))

    async def _run(self, publisher: Publisher) -> None:
        config = WebhookConfig(listen="127.0.0.1:0")
        admission = Admission(8)
        app = application(config, intake=storing(publisher), admission=admission)
        async with listening(config, app, admission) as url:
            self._url.set_result(url)
            await self._stop.wait()

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection("127.0.0.1", int((await self._url).rpartition(":")[2]))

    async def refusing(self) -> None:
        """Ask the server to stop, and return when it accepts no connection any more."""
        self._stop.set()
        async with asyncio.timeout(10):
            while True:
                try:
                    _, writer = await self.connect()
                except ConnectionError:
                    return
                writer.close()
                await writer.wait_closed()

    async def stopped(self) -> None:
        self._stop.set()
        await asyncio.wait_for(self._task, 10)


class HeldPublisher(RecordingPublisher):
    """Acknowledges nothing before it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = asyncio.Event()
        self.release = asyncio.Event()

    async def publish(self, topic: str, **record: Any) -> Position:
        self.asked.set()
        await self.release.wait()
        return await super().publish(topic, **record)


async def test_a_request_in_hand_is_finished_while_nobody_else_is_let_in() -> None:
    publisher = HeldPublisher()
    server = Server(publisher)
    reader, writer = await server.connect()
    writer.write(HEAD + b"Content-Length: 0\r\n\r\n")
    await publisher.asked.wait()

    await server.refusing()
    publisher.release.set()

    assert (await reader.read()).startswith(b"HTTP/1.1 202 ")
    await server.stopped()
    assert 1 == len(publisher.records)
    writer.close()


async def test_a_body_on_its_way_is_waited_for() -> None:
    publisher = HeldPublisher()
    server = Server(publisher)
    first_reader, first = await server.connect()
    first.write(HEAD + b"Content-Length: 0\r\n\r\n")
    reader, writer = await server.connect()
    writer.write(HEAD + b"Content-Length: 4\r\nExpect: 100-continue\r\n\r\n")
    assert b"HTTP/1.1 100 Continue\r\n\r\n" == await reader.readuntil(b"\r\n\r\n")
    writer.write(b"ab")
    await publisher.asked.wait()

    await server.refusing()
    writer.write(b"cd")
    publisher.release.set()

    assert (await reader.read()).startswith(b"HTTP/1.1 202 ")
    assert (await first_reader.read()).startswith(b"HTTP/1.1 202 ")
    await server.stopped()
    assert [None, b"abcd"] == [record.value for record in publisher.records]
    writer.close()
    first.close()


async def test_an_open_connection_is_sent_away_while_the_server_stops() -> None:
    publisher = HeldPublisher()
    server = Server(publisher)
    idle_reader, idle = await server.connect()
    reader, writer = await server.connect()
    writer.write(HEAD + b"Content-Length: 0\r\n\r\n")
    await publisher.asked.wait()
    await server.refusing()

    idle.write(HEAD + b"Content-Length: 0\r\n\r\n")
    answer = await idle_reader.read()

    assert answer.startswith(b"HTTP/1.1 503 ")
    assert b"Retry-After: 1\r\n" in answer
    publisher.release.set()
    assert (await reader.read()).startswith(b"HTTP/1.1 202 ")
    await server.stopped()
    idle.close()
    writer.close()


async def test_an_idle_connection_does_not_hold_up_the_end() -> None:
    server = Server(RecordingPublisher())
    reader, writer = await server.connect()

    await server.stopped()

    assert b"" == await reader.read()
    writer.close()


async def test_the_url_is_the_address_that_was_bound() -> None:
    config = WebhookConfig(listen="[::1]:0")
    admission = Admission(1)
    app = application(config, intake=storing(RecordingPublisher()), admission=admission)
    async with listening(config, app, admission) as url, aiohttp.ClientSession(url) as client:
        assert url.startswith("http://[::1]:")
        async with client.get("/") as answer:
            assert 200 == answer.status


async def test_an_address_in_use_is_refused_with_its_name() -> None:
    publisher = RecordingPublisher()
    admission = Admission(1)

    def app() -> aiohttp.web.Application:
        return application(first, intake=storing(publisher), admission=admission)

    first = WebhookConfig(listen="127.0.0.1:0")
    async with listening(first, app(), admission) as url:
        second = WebhookConfig(listen=url.removeprefix("http://"))
        with pytest.raises(Refused, match=f"^cannot listen on {second.listen}"):
            async with listening(second, app(), admission):
                pass


async def test_an_address_is_shared_by_those_alone_who_say_so() -> None:
    """Two of them answer side by side; a third one that wants it for itself is refused, and so is who only looks."""
    admission = Admission(1)

    def app() -> aiohttp.web.Application:
        return application(given, intake=storing(RecordingPublisher()), admission=admission)

    given = WebhookConfig(listen="127.0.0.1:0")
    async with listening(given, app(), admission, share_port=True) as url:
        given = WebhookConfig(listen=url.removeprefix("http://"))
        async with listening(given, app(), admission, share_port=True), aiohttp.ClientSession(url) as client:
            async with client.get("/") as answer:
                assert 200 == answer.status
            with pytest.raises(Refused, match=f"^cannot listen on {given.listen}"):
                await vacant(given)
            with pytest.raises(Refused, match=f"^cannot listen on {given.listen}"):
                async with listening(given, app(), admission):
                    pass
    await vacant(given)
