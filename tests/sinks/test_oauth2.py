from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import orjson
import pytest
import trustme

from clients.http import Channel
from schemas.config.redact import MASK, Redactor
from schemas.errors import Refused, Unavailable
from sinks.oauth2 import EARLY, PAUSE, OAuth2, OAuth2Config
from tests.sinks.destination import Answer, Destination, Received, always, ca_file, server_tls

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from clients.http import Client

CLIENT_SECRET = "horse:battery staple"


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


class Issuer:
    """An authorization server that numbers its tokens."""

    def __init__(self, destination: Destination, folder: Path, http: Client) -> None:
        self.destination = destination
        self.clock = Clock()
        self._folder = folder
        self._http = http
        self.lifetime: object = 3600
        destination.answer = self._issue

    def _issue(self, _: Received) -> Answer:
        token = {"access_token": f"token-{len(self.destination.received)}", "token_type": "Bearer"}
        return Answer(body=orjson.dumps({**token, "expires_in": self.lifetime}))

    def client(self, **fields: Any) -> OAuth2:
        (self._folder / "client").write_text(CLIENT_SECRET)
        given = {"token_url": f"{self.destination.url}/token", "client_id": "reflex:arc", **fields}
        config = OAuth2Config.model_validate({**given, "client_secret_file": str(self._folder / "client")})
        return OAuth2(config, self._http, Channel, 20.0, clock=self.clock)


@pytest.fixture
async def issuer(client: Client, tmp_path: Path) -> AsyncIterator[Issuer]:
    async with Destination() as destination:
        yield Issuer(destination, tmp_path, client)


def line(number: int) -> bytes:
    return f"Authorization: Bearer token-{number}".encode()


async def test_a_token_is_asked_for_as_the_standard_says(issuer: Issuer) -> None:
    await issuer.client(scope="events.write events.read", audience="bus").line()

    [received] = issuer.destination.received
    expected = {"grant_type": ["client_credentials"], "scope": ["events.write events.read"], "audience": ["bus"]}
    assert ("POST", "/token", expected) == (received.method, received.path, parse_qs(received.body.decode()))
    # base64 of reflex%3Aarc:horse%3Abattery+staple
    assert "Basic cmVmbGV4JTNBYXJjOmhvcnNlJTNBYmF0dGVyeStzdGFwbGU=" == received.header("authorization")


async def test_the_client_may_stand_in_the_form_instead(issuer: Issuer) -> None:
    await issuer.client(auth="body").line()

    [received] = issuer.destination.received
    form = parse_qs(received.body.decode())
    assert (["reflex:arc"], [CLIENT_SECRET]) == (form["client_id"], form["client_secret"])
    assert received.header("authorization") is None


async def test_all_that_wait_share_one_request(issuer: Issuer) -> None:
    tokens = issuer.client()

    lines = await asyncio.gather(*(tokens.line() for _ in range(50)))

    assert ({line(1)}, 1) == (set(lines), len(issuer.destination.received))


async def test_a_token_is_renewed_shortly_before_its_end(issuer: Issuer) -> None:
    tokens = issuer.client()
    lines = [await tokens.line()]
    for now in (3600 - EARLY - 1, 3600 - EARLY):
        issuer.clock.now = now
        lines.append(await tokens.line())

    assert [line(1), line(1), line(2)] == lines


@pytest.mark.parametrize("lifetime", [None, "soon", float("nan")])
async def test_a_lifetime_that_nobody_can_read_is_five_minutes(lifetime: object, issuer: Issuer) -> None:
    issuer.lifetime = lifetime
    tokens = issuer.client()
    await tokens.line()
    issuer.clock.now = 269
    lines = [await tokens.line()]
    issuer.clock.now = 270
    lines.append(await tokens.line())

    assert [line(1), line(2)] == lines


async def test_a_void_token_is_forgotten_but_not_the_one_after_it(issuer: Issuer) -> None:
    tokens = issuer.client()
    first = await tokens.line()
    tokens.forget(first)
    second = await tokens.line()
    tokens.forget(first)

    assert (line(2), line(2)) == (second, await tokens.line())


async def test_a_second_void_token_is_kept_until_a_pause_is_over(issuer: Issuer) -> None:
    tokens = issuer.client()
    forgotten, lines = [], [await tokens.line()]
    for now in (0.0, PAUSE - 0.1, PAUSE):
        issuer.clock.now = now
        forgotten.append(tokens.forget(lines[-1]))
        lines.append(await tokens.line())

    assert ([True, False, True], [line(1), line(2), line(2), line(3)]) == (forgotten, lines)


async def test_all_whose_token_was_void_may_have_the_next_one(issuer: Issuer) -> None:
    tokens = issuer.client()
    first = await tokens.line()

    before = [tokens.forget(first), tokens.forget(first)]
    await tokens.line()

    assert [True] * 3 == [*before, tokens.forget(first)]


@pytest.mark.parametrize("status", [400, 401, 403])
async def test_a_client_that_is_not_accepted_is_told_so_without_its_secret(status: int, issuer: Issuer) -> None:
    issuer.destination.answer = always(Answer(status, body=b'{"error":"invalid_client","error_description":"x y"}'))

    with pytest.raises(Refused, match=rf"does not accept the client \({status}, invalid_client\)") as caught:
        await issuer.client().line()

    assert CLIENT_SECRET not in str(caught.value)


@pytest.mark.parametrize("status", [302, 404, 429, 500, 503])
async def test_a_server_that_has_no_token_now_is_waited_for(status: int, issuer: Issuer) -> None:
    issuer.destination.answer = always(Answer(status))

    with pytest.raises(Unavailable, match="no token"):
        await issuer.client().line()


async def test_a_server_that_is_away_is_waited_for(issuer: Issuer) -> None:
    tokens = issuer.client()
    await issuer.destination.stop()

    with pytest.raises(Unavailable, match="no token: cannot reach"):
        await tokens.line()


@pytest.mark.parametrize(
    "body",
    [
        b"<html>",
        b"[]",
        b'{"access_token": "x"}',
        b'{"access_token": "x", "token_type": "mac"}',
        b'{"access_token": "a b", "token_type": "bearer"}',
        b'{"access_token": 1, "token_type": "bearer"}',
    ],
)
async def test_an_answer_without_a_bearer_token_is_refused(body: bytes, issuer: Issuer) -> None:
    issuer.destination.answer = always(Answer(body=body))

    with pytest.raises(Refused, match="without a bearer token"):
        await issuer.client().line()


async def test_the_server_may_have_an_authority_of_its_own(issuer: Issuer, tmp_path: Path) -> None:
    authority = trustme.CA()
    await issuer.destination.stop()
    issuer.destination.tls = server_tls(authority)
    await issuer.destination.start()

    with pytest.raises(Unavailable, match="cannot trust"):
        await issuer.client().line()

    assert line(1) == await issuer.client(ca_file=str(ca_file(authority, tmp_path))).line()


async def test_a_token_is_blanked_in_every_log(issuer: Issuer) -> None:
    issuer.destination.answer = always(Answer(body=b'{"access_token":"t0ken-of-the-test","token_type":"bearer"}'))
    await issuer.client().line()
    record = logging.LogRecord("x", logging.INFO, "x", 1, "got %s", ("t0ken-of-the-test",), None)

    Redactor().filter(record)

    assert "t0ken-of-the-test" not in record.getMessage()


async def test_of_all_the_tokens_the_last_two_are_blanked(issuer: Issuer) -> None:
    names = [f"of-this-test-{number}" for number in range(4)]
    tokens = issuer.client()
    for name in names:
        answer = {"access_token": name, "token_type": "bearer", "expires_in": 0}
        issuer.destination.answer = always(Answer(body=orjson.dumps(answer)))
        await tokens.line()

    assert [*names[:2], MASK, MASK] == [Redactor().redact(name) for name in names]
