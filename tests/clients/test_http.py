from __future__ import annotations

import asyncio
import os
import resource
import socket
import threading
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.http import Channel, Client, Endpoint, NoAnswer
from clients.http.request import USER_AGENT, header_lines
from schemas.errors import Unreachable
from tests.sinks.destination import Answer, Destination, always, settle

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

UNUSED = "http://127.0.0.1:1"  # tcpmux: nobody listens there
SOON = 0.2  # seconds until a request that gets no answer is given up
LONG = 20.0


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with Client() as client:
        yield client


@pytest.fixture
async def server() -> AsyncIterator[Destination]:
    async with Destination() as server:
        yield server


class Raw:
    """A TCP server that speaks as the test tells it."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk

    async def __aenter__(self) -> str:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def __aexit__(self, *_: object) -> None:
        await settle()
        self._server.close()
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._talk(reader, writer)
        finally:
            writer.close()


class TestRequest:
    async def test_arrives_as_given_with_nothing_added_but_host_length_and_agent(
        self, client: Client, server: Destination
    ) -> None:
        await client.request(
            "POST", f"{server.url}/a/b", headers=[("ce-id", "1"), ("X-Empty", "")], body=b"\0\xff", timeout=LONG
        )

        [received] = server.received
        assert ("POST", "/a/b", b"\0\xff") == (received.method, received.path, received.body)
        expected = {
            ("host", server.url.removeprefix("http://")),
            ("content-length", "2"),
            ("user-agent", USER_AGENT),
            ("ce-id", "1"),
            ("x-empty", ""),
        }
        assert expected == {(name.lower(), value) for name, value in received.headers}

    @pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
    @pytest.mark.parametrize("body", [None, b"", b"x"])
    async def test_keeps_its_method_with_and_without_a_body(
        self, client: Client, server: Destination, method: str, body: bytes | None
    ) -> None:
        await client.request(method, server.url, body=body, timeout=LONG)

        [received] = server.received
        assert (method, body or b"") == (received.method, received.body)

    async def test_of_a_large_body_is_sent_at_once_without_asking_first(
        self, client: Client, server: Destination
    ) -> None:
        body = b"x" * 2**20

        await client.request("POST", server.url, body=body, timeout=LONG)

        assert (body, None) == (server.received[0].body, server.received[0].header("expect"))

    async def test_leaves_nothing_behind_for_the_next_one_on_the_same_handle(
        self, client: Client, server: Destination
    ) -> None:
        await client.request("PUT", server.url, headers=[("x-first", "1")], body=b"first", timeout=LONG)
        await client.request("GET", server.url, timeout=LONG)

        second = server.received[1]
        assert ("GET", b"", None) == (second.method, second.body, second.header("x-first"))

    @pytest.mark.parametrize("header", [("a\r\nb", "1"), ("a", "1\r\nb: 2"), ("a", "\0"), ("", "1"), ("a b", "1")])
    async def test_with_a_header_that_breaks_the_message_apart_is_refused(
        self, client: Client, header: tuple[str, str]
    ) -> None:
        with pytest.raises(ValueError, match="forbidden characters"):
            await client.request("GET", UNUSED, headers=[header], timeout=LONG)

    async def test_goes_through_the_proxy_of_the_environment_but_never_for_loopback(
        self, client: Client, server: Destination, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async with Destination() as proxy:
            monkeypatch.setenv("http_proxy", proxy.url)
            await client.request("GET", "http://elsewhere.invalid/x", timeout=LONG)
            await client.request("GET", server.url, timeout=LONG)

            assert ["http://elsewhere.invalid/x"] == [received.path for received in proxy.received]
            assert 1 == len(server.received)

    async def test_obeys_the_environment_about_hosts_without_proxy(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async with Destination() as proxy:
            monkeypatch.setenv("http_proxy", proxy.url)
            monkeypatch.setenv("no_proxy", ".invalid")
            with pytest.raises(Unreachable):
                await client.request("GET", "http://elsewhere.invalid/", timeout=LONG)

            assert [] == proxy.received


class TestResponse:
    @pytest.mark.parametrize("status", [200, 202, 301, 307, 400, 404, 500, 503])
    async def test_is_returned_whatever_its_status(self, client: Client, server: Destination, status: int) -> None:
        server.answer = always(Answer(status, {"Location": "/elsewhere", "X-Case": "Kept"}, b"why"))

        response = await client.request("POST", server.url, body=b"", timeout=LONG)

        assert (status, b"why", True) == (response.status, response.body, response.complete)
        assert "Kept" == response.headers["x-case"]
        assert ["/"] == [received.path for received in server.received]

    async def test_joins_repeated_headers_and_forgets_those_of_interim_answers(self, client: Client) -> None:
        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 103 Early Hints\r\nLink: early\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\nVia: a\r\nvia:  b \r\nContent-Length: 0\r\n\r\n")

        async with Raw(talk) as url:
            response = await client.request("GET", url, timeout=LONG)

        assert {"via": "a, b", "content-length": "0"} == response.headers

    async def test_keeps_the_first_bytes_of_a_long_body_and_the_connection(
        self, client: Client, server: Destination
    ) -> None:
        server.answer = always(Answer(body=b"0123456789" * 1000))

        for _ in range(2):
            response = await client.request("GET", server.url, timeout=LONG, keep=15)

        assert (b"012345678901234", False) == (response.body, response.complete)
        assert 1 == len(server.connections)

    async def test_of_an_endless_body_is_cut_and_still_an_answer(self, client: Client) -> None:
        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 202 Accepted\r\n\r\n")
            try:
                while True:
                    writer.write(b"x" * 65536)
                    await writer.drain()
            except ConnectionError:
                return

        async with Raw(talk) as url:
            response = await client.request("GET", url, timeout=LONG)

        assert (202, b"x" * 65536, False) == (response.status, response.body, response.complete)


class TestWithoutHeaders:
    @pytest.mark.parametrize(
        ("status", "given", "kept"),
        [
            (503, {"Retry-After": "7"}, {"retry-after": "7"}),
            (429, {"Retry-After": "120"}, {"retry-after": "120"}),
            (500, {"Retry-After": "7"}, {}),
            (503, {}, {}),
            (200, {"X-A": "1"}, {}),
        ],
    )
    async def test_a_response_says_at_most_how_long_to_wait(
        self, status: int, given: dict[str, str], kept: dict[str, str], client: Client, server: Destination
    ) -> None:
        server.answer = always(Answer(status, given, b"why"))
        endpoint = Endpoint("POST", server.url, LONG, headers=False)

        responses = [await client.ask(endpoint, header_lines([]), b"x") for _ in range(2)]

        assert [(status, b"why", kept)] * 2 == [(each.status, each.body, each.headers) for each in responses]

    async def test_a_date_to_wait_for_becomes_seconds(self, client: Client, server: Destination) -> None:
        then = datetime.now(UTC) + timedelta(seconds=100)
        server.answer = always(Answer(503, {"Retry-After": format_datetime(then, usegmt=True)}))

        response = await client.ask(Endpoint("GET", server.url, LONG, headers=False), ())

        assert 60 < int(response.headers["retry-after"]) <= 100


async def test_requests_to_many_places_in_many_ways_never_mix(client: Client, server: Destination) -> None:
    server.answer = lambda got: Answer(body=b"%s %s %s" % (got.method.encode(), got.path.encode(), got.body))
    endpoints = [
        Endpoint(method, f"{server.url}/{number}", LONG, headers=headers)
        for number, method in enumerate(("POST", "GET", "PUT"))
        for headers in (True, False)
    ]

    async def ask(number: int) -> tuple[bytes, bytes]:
        endpoint = endpoints[number % len(endpoints)]
        body = None if endpoint.method == "GET" else b"%d" % number
        place = endpoint.url.removeprefix(server.url)
        expected = b"%s %s %s" % (endpoint.method.encode(), place.encode(), body or b"")
        return expected, (await client.ask(endpoint, header_lines([]), body)).body

    for _ in range(3):
        pairs = await asyncio.gather(*(ask(number) for number in range(60)))
        assert [expected for expected, _ in pairs] == [actual for _, actual in pairs]


def test_an_endpoint_tells_neither_its_address_nor_our_key() -> None:
    shown = repr(Endpoint("POST", "http://h/t0ken", LONG, Channel(certificate=b"c3rt", key=b"k3y")))

    assert [] == [word for word in ("t0ken", "k3y") if word in shown]


class TestFailure:
    @pytest.mark.parametrize("url", [UNUSED, "http://nowhere.invalid", "ftp://127.0.0.1/", "http://[::1", "gopher"])
    async def test_to_connect_is_unreachable(self, client: Client, url: str) -> None:
        with pytest.raises(Unreachable) as caught:
            await client.request("GET", url, timeout=LONG)

        assert not isinstance(caught.value, NoAnswer)

    async def test_never_shows_more_of_the_url_than_its_host(self, client: Client) -> None:
        with pytest.raises(Unreachable, match=r"http://127\.0\.0\.1:1") as caught:
            await client.request("GET", "http://user:hunter2@127.0.0.1:1/t0ken?key=s3cret", timeout=LONG)

        assert [] == [word for word in ("user", "hunter2", "t0ken", "s3cret") if word in str(caught.value)]

    async def test_to_answer_in_time_is_no_answer(self, client: Client, server: Destination) -> None:
        server.answer = always(Answer(hold=asyncio.Event()))

        with pytest.raises(NoAnswer, match=r"did not answer within 0\.2 s"):
            await client.request("POST", server.url, body=b"x", timeout=SOON)

        await server.abandoned.wait()

    async def test_to_finish_the_answer_is_no_answer(self, client: Client) -> None:
        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")

        async with Raw(talk) as url:
            with pytest.raises(NoAnswer, match="broke off"):
                await client.request("GET", url, timeout=LONG)

    async def test_to_shake_hands_in_time_is_unreachable(self, client: Client) -> None:
        async def talk(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
            await reader.read()

        async with Raw(talk) as url:
            with pytest.raises(Unreachable) as caught:
                await client.request("GET", url.replace("http", "https"), timeout=SOON)

        assert not isinstance(caught.value, NoAnswer)

    async def test_of_the_thread_fails_what_was_under_way_and_the_next_request_starts_another(
        self, client: Client, server: Destination, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        server.answer = always(Answer(hold=asyncio.Event()))
        waiting = asyncio.create_task(client.request("GET", server.url, timeout=LONG))
        await server.arrivals(1)

        def fail() -> None:
            raise OSError("out of everything")

        monkeypatch.setattr(client._engine, "_collect", fail)
        with pytest.raises(Unreachable, match="closed"):
            await client.request("GET", UNUSED, timeout=LONG)
        with pytest.raises(Unreachable, match="closed"):
            await waiting
        assert "out of everything" in caplog.text

        server.answer = always(Answer(204))
        assert 204 == (await client.request("GET", server.url, timeout=LONG)).status


class TestConnections:
    async def test_are_kept_and_shared_by_two_hundred_requests_at_once(
        self, client: Client, server: Destination
    ) -> None:
        async def burst() -> set[int]:
            requests = (client.request("POST", server.url, body=b"x" * 1200, timeout=LONG) for _ in range(200))
            return {response.status for response in await asyncio.gather(*requests)}

        for _ in range(5):
            assert {200} == await burst()

        assert 1000 == len(server.received)
        assert 200 >= len(server.connections)

    async def test_that_the_server_closed_are_replaced(self, client: Client, server: Destination) -> None:
        await client.request("GET", server.url, timeout=LONG)
        await server.stop()
        await server.start()

        assert 200 == (await client.request("GET", server.url, timeout=LONG)).status

    async def test_are_closed_when_their_request_is_cancelled(self, client: Client, server: Destination) -> None:
        server.answer = always(Answer(hold=asyncio.Event()))
        waiting = asyncio.create_task(client.request("GET", server.url, timeout=LONG))
        await server.arrivals(1)

        waiting.cancel()

        async with asyncio.timeout(LONG / 2):
            await server.abandoned.wait()
        with pytest.raises(asyncio.CancelledError):
            await waiting

    async def test_of_a_cancelled_request_are_closed_when_it_returns(self, client: Client) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            url = f"http://127.0.0.1:{listening.getsockname()[1]}/"
            sending = asyncio.create_task(client.request("POST", url, body=b"x" * 2**24, timeout=LONG))
            peer, _ = await asyncio.to_thread(listening.accept)
            with peer:
                await asyncio.to_thread(peer.recv, 1)

                sending.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await sending

                assert _all_that_comes_without_waiting(peer) < 2**24

    async def test_work_beyond_the_descriptors_that_select_knows(self, server: Destination) -> None:
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, hard), hard))
        occupied = [os.open(os.devnull, os.O_RDONLY) for _ in range(1100)]
        try:
            async with Client() as client:
                requests = (client.request("GET", server.url, timeout=LONG) for _ in range(20))
                assert [200] * 20 == [response.status for response in await asyncio.gather(*requests)]
        finally:
            for descriptor in occupied:
                os.close(descriptor)
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


class TestClose:
    async def test_fails_what_is_under_way_ends_the_thread_and_may_be_repeated(self, server: Destination) -> None:
        server.answer = always(Answer(hold=asyncio.Event()))
        client = Client()
        waiting = asyncio.create_task(client.request("GET", server.url, timeout=LONG))
        await server.arrivals(1)

        await client.close()
        await client.close()

        with pytest.raises(Unreachable, match="closed"):
            await waiting
        assert "http" not in {thread.name for thread in threading.enumerate()}
        with pytest.raises(RuntimeError, match="closed"):
            await client.request("GET", server.url, timeout=LONG)

    async def test_of_a_client_that_never_asked_is_nothing(self) -> None:
        await Client().close()


@given(name=st.text(max_size=20), value=st.text(max_size=20))
def test_a_header_line_holds_one_header_or_is_refused(name: str, value: str) -> None:
    try:
        lines = header_lines([(name, value)])
    except ValueError:
        return

    assert [] == [line for line in lines if set(line) & set(b"\r\n\0")]
    assert lines[0].startswith((f"{name}: ".encode(), f"{name};".encode()))


def _all_that_comes_without_waiting(peer: socket.socket) -> int:
    """Bytes that are there, up to the end of the connection; to be found open is an error."""
    peer.setblocking(False)
    length = 0
    try:
        while data := peer.recv(2**16):
            length += len(data)
    except ConnectionResetError:
        pass
    return length
