from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from clients.http import Channel
from schemas.errors import Refused
from sinks.jsonapi import Answer as Given
from sinks.jsonapi import Deadline, JsonApi
from sinks.token import PAUSE, Token, token_in
from tests.sinks.destination import Answer, Destination

if TYPE_CHECKING:
    from clients.http import Client
    from tests.sinks.destination import Received


class Issuer:
    """Numbers its tokens; the server behind it takes those that are ``valid``."""

    def __init__(self) -> None:
        self.issued = 0
        self.valid: set[str] = {"t1"}
        self.now = 0.0

    async def fetch(self, _deadline: Deadline) -> str:
        await asyncio.sleep(0)
        self.issued += 1
        return f"t{self.issued}"

    def judge(self, received: Received) -> Answer:
        scheme, _, token = (received.header("authorization") or "").partition(" ")
        return Answer(200 if scheme == "Ours" and token in self.valid else 401)

    def token(self, server: Destination, client: Client) -> Token:
        server.answer = self.judge
        return Token(JsonApi(server.url, Channel(), client), "Ours", self.fetch, clock=lambda: self.now)


async def test_one_token_serves_all_who_ask_at_once(client: Client) -> None:
    issuer = Issuer()
    async with Destination() as server:
        token = issuer.token(server, client)

        answers = await asyncio.gather(*(token.ask("GET", "/", Deadline(10)) for _ in range(20)))

    assert ({200}, 1) == ({answer.status for answer in answers}, issuer.issued)


async def test_a_void_token_is_replaced_once_for_all(client: Client) -> None:
    issuer = Issuer()
    async with Destination() as server:
        token = issuer.token(server, client)
        await token.get(Deadline(10))
        issuer.valid = {"t2"}

        answers = await asyncio.gather(*(token.ask("GET", "/", Deadline(10)) for _ in range(20)))

    assert ({200}, 2) == ({answer.status for answer in answers}, issuer.issued)


async def test_a_server_that_takes_none_gets_another_one_only_after_a_pause(client: Client) -> None:
    issuer = Issuer()
    issuer.valid = set()
    issued = []
    async with Destination() as server:
        token = issuer.token(server, client)
        for pause in (0.0, 1.0, PAUSE):
            issuer.now += pause
            assert 401 == (await token.ask("GET", "/", Deadline(10))).status
            issued.append(issuer.issued)

    assert [2, 2, 3] == issued


@pytest.mark.parametrize(
    "value", [None, [], {}, {"token": 7}, {"token": ""}, {"token": "a b"}, {"token": "x" * 20_000}]
)
def test_an_answer_without_a_token_is_refused_and_not_quoted(value: Any) -> None:
    with pytest.raises(Refused, match=r"^the server answered without a token \(look there\)$"):
        token_in(Given(200, value, {}), "token", cure="look there")
