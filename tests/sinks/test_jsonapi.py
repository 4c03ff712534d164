from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from clients.http import Channel, NoAnswer
from schemas.errors import DeliveryError, Reject, Retry, Unavailable
from sinks.jsonapi import Answer as Given
from sinks.jsonapi import Deadline, JsonApi, accepted, asked
from tests.sinks.destination import Answer, Destination, always

if TYPE_CHECKING:
    from clients.http import Client


class Clock:
    """Time that passes when it is told to."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


async def test_a_question_and_its_answer_are_json(client: Client) -> None:
    async with Destination() as server:
        server.answer = always(Answer(201, {"X-A": "b"}, b'{"c": 1}'))
        api = JsonApi(server.url, Channel(), client)

        given = await api.ask("PUT", "/x?y=1", Deadline(10), headers=[("D", "e")], body={"f": 2})

        [received] = server.received
    assert (201, {"c": 1}, "b") == (given.status, given.value, given.headers["x-a"])
    assert ("PUT", "/x?y=1", b'{"f":2}') == (received.method, received.path, received.body)
    assert ["application/json", "application/json", "e"] == [
        received.header(name) for name in ("accept", "content-type", "d")
    ]


@pytest.mark.parametrize("body", [b"", b"<html>", b"{"])
async def test_an_answer_that_is_no_json_has_no_value(client: Client, body: bytes) -> None:
    async with Destination() as server:
        server.answer = always(Answer(200, body=body))

        given = await JsonApi(server.url, Channel(), client).ask("GET", "/", Deadline(10))

        assert server.received[0].header("content-type") is None
    assert given.value is None


async def test_nothing_is_asked_behind_the_deadline(client: Client) -> None:
    async with Destination() as server:
        api = JsonApi(server.url, Channel(), client)
        with pytest.raises(Retry, match=r"no time left for GET /x$"):
            await api.ask("GET", "/x?secret=1", Deadline(0))
        server.answer = always(Answer(hold=asyncio.Event()))

        with pytest.raises(NoAnswer):
            await api.ask("GET", "/", Deadline(0.2))

        assert 1 == len(server.received)


async def test_silence_is_tried_again_and_nobody_there_is_waited_for(client: Client) -> None:
    async with Destination() as server:
        server.answer = always(Answer(hold=asyncio.Event()))
        api = JsonApi(server.url, Channel(), client)
        with pytest.raises(Retry):
            await asked(api.ask("GET", "/", Deadline(0.2)), "the question")
    with pytest.raises(Unavailable):
        await asked(api.ask("GET", "/", Deadline(1)), "the question")


@pytest.mark.parametrize(
    ("given", "kind", "words"),
    [
        (Given(400, {"message": "wrong\nid"}, {}), Reject, "the question was answered 400 Bad Request: wrong id"),
        (Given(400, {"message": 7}, {}), Reject, "the question was answered 400 Bad Request"),
        (Given(503, None, {"retry-after": "7"}), Retry, "the question was answered 503 Service Unavailable"),
        (Given(400, {"message": "x" * 400}, {}), Reject, f"the question was answered 400 Bad Request: {'x' * 300}…"),
    ],
)
def test_a_refusal_says_what_was_asked_and_what_the_server_said(
    given: Given, kind: type[DeliveryError], words: str
) -> None:
    with pytest.raises(kind) as caught:
        accepted(given, "the question")

    assert (words, str(given.status)) == (str(caught.value), caught.value.status)


async def test_the_last_look_comes_before_the_deadline() -> None:
    clock = Clock()
    deadline = Deadline(10, clock=clock)
    looks = 0

    async def look() -> bool:
        nonlocal looks
        looks += 1
        clock.now += 3.5
        return False

    assert not await deadline.reached(look)
    assert (3, 0) == (looks, deadline.left)
