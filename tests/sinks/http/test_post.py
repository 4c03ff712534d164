"""Who we are towards a server, and which way we take to it."""

from __future__ import annotations

import asyncio
import ssl
from typing import TYPE_CHECKING, Any

import pytest
import trustme

from schemas.errors import Refused, Retry, Unavailable
from sinks.fresh import FRESH
from tests.sinks.bench import event
from tests.sinks.destination import Answer, Destination, always, ca_file, server_tls
from tests.sinks.test_http import HttpBench

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from clients.http import Client
    from sinks.base import Sink


@pytest.fixture
async def bench(client: Client, tmp_path: Path) -> AsyncIterator[HttpBench]:
    async with Destination() as destination:
        yield HttpBench(client, tmp_path, destination, "binary")


async def test_a_request_on_the_wire_is_http_1_1_and_asks_nothing_first(client: Client, tmp_path: Path) -> None:
    heads: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(await reader.readuntil(b"\r\n\r\n"))
        await reader.readexactly(200_000)
        writer.write(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        bench = HttpBench(client, tmp_path, Destination(), "binary")
        sink = bench.sink(url=f"http://127.0.0.1:{port}/", token_file=None)
        await sink.send(event(data=b"x" * 200_000, datacontenttype=None, extensions={"empty": ""}))

    [head] = heads
    first, *lines = head.decode().strip().split("\r\n")
    assert "POST / HTTP/1.1" == first
    assert ["ce-empty:", "content-length: 200000"] == sorted(
        line.lower() for line in lines if line.lower().startswith(("expect", "accept", "content", "ce-empty"))
    )


async def test_the_body_is_signed(bench: HttpBench) -> None:
    sink = bench.sink(signature={"secret_file": str(bench.secret)}, token_file=None)

    await sink.send(event(data=b"{}"))

    # printf '{}' | openssl dgst -sha256 -hmac correct-horse-battery
    expected = "sha256=3ca39ba2749b61161e0029d743bc7135143ee6a32b32f4f6e6dbd58f98cae997"
    assert expected == bench.destination.received[0].header("x-hub-signature-256")


class TestToken:
    async def test_is_renewed_once_when_the_server_says_that_it_is_void(self, bench: HttpBench) -> None:
        async with Destination() as issuer:
            issuer.answer = lambda _: Answer(body=token(len(issuer.received)))
            bench.destination.answer = lambda got: Answer(401 if got.header("authorization") == "Bearer t1" else 200)

            await with_tokens(bench, issuer).send(event())

        assert ["Bearer t1", "Bearer t2"] == [got.header("authorization") for got in bench.destination.received]

    async def test_is_renewed_no_second_time(self, bench: HttpBench) -> None:
        async with Destination() as issuer:
            issuer.answer = lambda _: Answer(body=token(len(issuer.received)))
            bench.answer(401)

            with pytest.raises(Retry) as caught:
                await with_tokens(bench, issuer).send(event())

        assert ("401", 2) == (caught.value.status, len(bench.destination.received))

    async def test_is_renewed_seldom_for_a_server_that_accepts_none(self, bench: HttpBench) -> None:
        async with Destination() as issuer:
            issuer.answer = lambda _: Answer(body=token(len(issuer.received)))
            bench.answer(401)
            sink = with_tokens(bench, issuer)

            for number in range(3):
                with pytest.raises(Retry):
                    await sink.send(event(number))

        assert (2, 4) == (len(issuer.received), len(bench.destination.received))

    async def test_that_is_refused_is_no_fault_of_the_event(self, bench: HttpBench) -> None:
        async with Destination() as issuer:
            issuer.answer = always(Answer(401))
            sink = with_tokens(bench, issuer)

            with pytest.raises(Refused, match="does not accept the client"):
                await sink.open()
            with pytest.raises(Unavailable, match="does not accept the client"):
                await sink.send(event())

        assert [] == bench.destination.received


def token(number: int) -> bytes:
    return b'{"access_token": "t%d", "token_type": "bearer", "expires_in": 3600}' % number


def with_tokens(bench: HttpBench, issuer: Destination) -> Sink:
    oauth2 = {"token_url": f"{issuer.url}/token", "client_id": "reflexarc", "client_secret_file": str(bench.secret)}
    return bench.sink(token_file=None, oauth2=oauth2)


class TestSecretAddress:
    async def test_is_read_again_and_never_told(self, bench: HttpBench) -> None:
        address = bench.folder / "address"
        address.write_text(f"{bench.destination.url}/first-s3cret?sig=a%2Fb")
        sink = bench.sink(url=None, token_file=None, secret_url_file=str(address))
        await sink.send(event())
        address.write_text(f"{bench.destination.url}/second-s3cret")
        await asyncio.sleep(FRESH)
        await sink.send(event())
        await bench.leave()

        with pytest.raises(Unavailable) as caught:
            await sink.send(event())

        assert ["/first-s3cret?sig=a%2Fb", "/second-s3cret"] == [got.path for got in bench.destination.received]
        assert "s3cret" not in str(caught.value)

    async def test_that_is_none_any_more_makes_the_sink_unavailable(self, bench: HttpBench) -> None:
        address = bench.folder / "address"
        address.write_text(f"{bench.destination.url}/first-s3cret")
        sink = bench.sink(url=None, token_file=None, secret_url_file=str(address))
        address.write_text("first-s3cret")

        with pytest.raises(Unavailable, match="not an http or https URL") as caught:
            await sink.send(event())

        assert "s3cret" not in str(caught.value)

    async def test_that_would_be_told_in_clear_makes_the_sink_unavailable(self, bench: HttpBench) -> None:
        address = bench.folder / "address"
        address.write_text(f"{bench.destination.url}/first-s3cret")
        sink = bench.sink(url=None, token_file=None, secret_url_file=str(address))
        address.write_text("http://elsewhere.invalid/second-s3cret")

        with pytest.raises(Unavailable, match="would send the secret unencrypted") as caught:
            await sink.send(event())

        assert "s3cret" not in str(caught.value)


class TestClientCertificate:
    async def test_is_shown_and_a_rotated_one_is_taken_up(self, client: Client, tmp_path: Path) -> None:
        authority = trustme.CA()
        async with Destination(asking_tls(authority)) as destination:
            sink = certified(client, tmp_path, destination, authority)
            show(authority, tmp_path, "first")
            await sink.send(event())
            show(authority, tmp_path, "second")
            await asyncio.sleep(FRESH)
            await sink.send(event())
            await sink.send(event())

            assert ["first", "second", "second"] == [common_name(shown) for shown in destination.certificates]

    async def test_of_a_stranger_is_refused_by_the_server(self, client: Client, tmp_path: Path) -> None:
        authority = trustme.CA()
        async with Destination(asking_tls(authority)) as destination:
            sink = certified(client, tmp_path, destination, authority)
            show(trustme.CA(), tmp_path, "stranger")

            with pytest.raises(Unavailable, match="cannot reach"):
                await sink.send(event())

            assert [] == destination.received

    @pytest.mark.parametrize(
        ("file", "content", "reason"),
        [
            ("client.key", "-----BEGIN ENCRYPTED PRIVATE KEY-----", "the private key is encrypted"),
            ("client.key", "no key", "cannot reach"),
            ("client.pem", None, "cannot be read: no such file"),
        ],
    )
    async def test_that_cannot_be_used_makes_the_sink_unavailable(
        self, file: str, content: str | None, reason: str, client: Client, tmp_path: Path
    ) -> None:
        authority = trustme.CA()
        async with Destination(asking_tls(authority)) as destination:
            sink = certified(client, tmp_path, destination, authority)
            if content is None:
                (tmp_path / file).unlink()
            else:
                (tmp_path / file).write_text(content)

            with pytest.raises(Unavailable, match=reason):
                await sink.send(event())


def asking_tls(authority: trustme.CA) -> ssl.SSLContext:
    context = server_tls(authority)
    context.maximum_version = ssl.TLSVersion.TLSv1_2  # a refusal is part of the handshake there
    context.verify_mode = ssl.CERT_REQUIRED
    authority.configure_trust(context)
    return context


def show(authority: trustme.CA, folder: Path, name: str) -> None:
    issued = authority.issue_cert(f"{name}.example", common_name=name)
    issued.private_key_pem.write_to_path(folder / "client.key")
    (folder / "client.pem").write_bytes(b"".join(blob.bytes() for blob in issued.cert_chain_pems))


def certified(client: Client, folder: Path, destination: Destination, authority: trustme.CA) -> Sink:
    show(authority, folder, "first")
    fields: dict[str, Any] = {
        "ca_file": str(ca_file(authority, folder)),
        "client_certificate_file": str(folder / "client.pem"),
        "client_key_file": str(folder / "client.key"),
    }
    return HttpBench(client, folder, destination, "binary").sink(**fields)


def common_name(certificate: dict[str, Any]) -> str:
    return str(next(value for ((name, value),) in certificate["subject"] if name == "commonName"))


class TestProxy:
    async def test_of_the_sink_is_used_even_for_loopback(self, bench: HttpBench) -> None:
        async with Destination() as proxy:
            sink = bench.sink(url="http://elsewhere.invalid/x", proxy=proxy.url, insecure=True)
            await sink.send(event())
            await bench.sink(proxy=proxy.url, insecure=True).send(event())

            assert ["http://elsewhere.invalid/x", f"{bench.destination.url}/events"] == [
                got.path for got in proxy.received
            ]
        assert [] == bench.destination.received

    async def test_belongs_to_its_sink_alone(self, bench: HttpBench) -> None:
        async with Destination() as proxy:
            await bench.sink(proxy=proxy.url, insecure=True).send(event())
            await bench.sink().send(event())

            assert (1, 1) == (len(proxy.received), len(bench.destination.received))
