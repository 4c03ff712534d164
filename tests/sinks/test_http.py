from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from clients.http.request import USER_AGENT
from schemas.cloudevents import http, json
from schemas.cloudevents.mediatype import BATCH
from schemas.errors import Refused, Reject, Unavailable
from sinks.http import HttpConfig
from tests.sinks.bench import SECRET, Answering, event
from tests.sinks.conformance import Case, cases
from tests.sinks.destination import Answer, Destination, Received, always

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncIterator, Mapping
    from pathlib import Path

    from clients.http import Client
    from schemas.cloudevents import CloudEvent


def events_in(received: Received) -> list[CloudEvent]:
    if received.header("content-type") == BATCH:
        return json.loads_batch(received.body)
    return [http.from_request(received.headers, received.body)]


PROXIED = {"proxy": "http://proxy.example:3128"}
OAUTH2 = {"client_id": "reflexarc", "client_secret_file": "secret"}


class HttpBench(Answering):
    """A server that takes events in any mode."""

    def __init__(self, http: Client, folder: Path, destination: Destination, mode: str) -> None:
        super().__init__(http, folder)
        self.destination = destination
        self.mode = mode

    def settings(self) -> Mapping[str, Any]:
        url = f"{self.destination.url}/events"
        return {"type": "http", "url": url, "mode": self.mode, "token_file": str(self.secret)}

    async def delivered(self) -> list[CloudEvent]:
        return [event for received in self.destination.accepted for event in events_in(received)]

    async def leave(self) -> None:
        await self.destination.stop()

    async def come_back(self, tls: ssl.SSLContext | None = None) -> None:
        self.destination.tls = tls
        await self.destination.start()

    def fall_silent(self) -> None:
        self.destination.answer = always(Answer(hold=asyncio.Event()))

    def answer(self, status: int, headers: Mapping[str, str] | None = None, body: bytes = b"") -> None:
        self.destination.answer = always(Answer(status, headers or {}, body))

    def requests(self) -> int:
        return len(self.destination.received)


@pytest.fixture(params=["binary", "structured", "batch"])
async def bench(request: pytest.FixtureRequest, client: Client, tmp_path: Path) -> AsyncIterator[HttpBench]:
    async with Destination() as destination:
        yield HttpBench(client, tmp_path, destination, request.param)


@pytest.fixture
async def binary(client: Client, tmp_path: Path) -> AsyncIterator[HttpBench]:
    async with Destination() as destination:
        yield HttpBench(client, tmp_path, destination, "binary")


@pytest.mark.parametrize("case", cases("http"))
async def test_keeps_the_contract_of_sinks(case: Case, bench: HttpBench) -> None:
    await case(bench)


async def test_a_binary_event_is_exactly_its_headers_and_its_data(binary: HttpBench) -> None:
    sink = binary.sink(headers={"X-Site": "north"})
    await sink.open()

    await sink.send(event())

    [received] = binary.destination.received
    expected = {
        "host": binary.destination.url.removeprefix("http://"),
        "user-agent": USER_AGENT,
        "authorization": f"Bearer {SECRET}",
        "x-site": "north",
        "content-type": "application/json",
        "content-length": "34",
        "ce-specversion": "1.0",
        "ce-id": "vc1/i1/1",
        "ce-source": "https://vc1.example/sdk",
        "ce-type": "com.vmware.vsphere.VmPoweredOffEvent.v0",
        "ce-subject": "VmPoweredOffEvent",
        "ce-time": "2026-11-20T09:36:17.913365487Z",
        "ce-vcenter": "vc1",
        "ce-eventclass": "event",
        "ce-partitionkey": "vc1/vm-55",
    }
    assert ("POST", "/events", event().data) == (received.method, received.path, received.body)
    assert expected == {name.lower(): value for name, value in received.headers}


async def test_opening_asks_the_destination_nothing(binary: HttpBench) -> None:
    await binary.sink().open()

    assert [] == binary.destination.received


async def test_a_login_is_sent_as_basic_authentication(binary: HttpBench) -> None:
    binary.keep_secret("p:w")
    sink = binary.sink(token_file=None, username="vmé", password_file=str(binary.secret))

    await sink.send(event())

    assert "Basic dm3DqTpwOnc=" == binary.destination.received[0].header("authorization")


async def test_an_event_that_cannot_be_binary_is_rejected(binary: HttpBench) -> None:
    with pytest.raises(Reject, match="structured mode"):
        await binary.sink().send(event(datacontenttype="application/cloudevents+json"))

    assert [] == binary.destination.received


async def test_a_secret_that_vanishes_makes_the_sink_unavailable(binary: HttpBench) -> None:
    sink = binary.sink()
    binary.secret.unlink()

    with pytest.raises(Refused, match="does not exist"):
        await sink.open()
    with pytest.raises(Unavailable, match="does not exist"):
        await sink.send(event())


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"url": "https://u:p@host/"}, "holds credentials"),
        ({"url": "http://host.example/", "token_file": "secret"}, "unencrypted"),
        ({"headers": {"Ce-Id": "1"}}, "which the event itself sets"),
        ({"headers": {"Host": "x"}}, "which the event itself sets"),
        ({"headers": {"AUTHORIZATION": "x"}}, "a secret"),
        ({"headers": {"x": "a\r\nb: c"}}, "forbidden characters"),
        ({"username": "u"}, "without its other half"),
        ({"username": "u:v", "password_file": "secret"}, "colon"),
        ({"username": "u", "password_file": "secret", "token_file": "secret"}, "cannot go with a token"),
        ({"insecure": True, "ca_file": "secret"}, "no effect"),
        ({"url": None}, "write url, or secret_url_file"),
        ({"secret_url_file": "secret"}, "cannot go with secret_url"),
        ({"url": None, "secret_url_file": "secret"}, "not an http or https URL"),
        ({"mode": "raw"}, "is missing .describe the request"),
        ({"raw": {"body": "{}"}}, "no effect with mode: binary"),
        ({"batch": 10}, "no effect with mode: binary .write mode: batch"),
        ({"client_certificate_file": "secret"}, "without its other half"),
        ({"url": "http://host.example/", "http2": True}, "behind TLS only"),
        ({"proxy": "https://proxy.example"}, "not the address of a CONNECT proxy"),
        (
            {"username": "u", "password_file": "secret", "oauth2": {**OAUTH2, "token_url": "https://login.example/"}},
            "cannot go with username",
        ),
        ({"oauth2": {**OAUTH2, "token_url": "http://login.example/token"}}, "unencrypted"),
        ({**PROXIED, "url": "http://127.0.0.1/", "token_file": "secret"}, "unencrypted"),
        ({**PROXIED, "oauth2": {**OAUTH2, "token_url": "http://127.0.0.1/token"}}, "unencrypted"),
        (
            {"insecure": True, "oauth2": {**OAUTH2, "token_url": "https://login.example/", "ca_file": "secret"}},
            "no effect with insecure: true",
        ),
    ],
)
def test_a_wrong_configuration_says_what_is_wrong(
    fields: dict[str, object], what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "secret").write_text(SECRET)

    with pytest.raises(ValidationError, match=what) as caught:
        HttpConfig.model_validate({"name": "s", "type": "http", "url": "https://host.example/", **fields})

    assert SECRET not in str(caught.value)


def test_secrets_may_travel_unencrypted_where_the_operator_allows_it(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(SECRET)
    given = {"name": "s", "url": "http://gateway.svc/", "token_file": str(tmp_path / "secret"), "insecure": True}

    assert "http://gateway.svc/" == HttpConfig.model_validate(given).url


def test_a_libcurl_without_http_2_is_told_before_any_event(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sinks.http.config.HTTP2", False)

    with pytest.raises(ValidationError, match="this libcurl speaks no HTTP/2"):
        HttpConfig.model_validate({"name": "s", "url": "https://host.example/", "http2": True})
