"""Senders of the VMware event router's webhook need not notice that it is another one."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING

import pytest

from schemas.config import Secret
from schemas.errors import Unreachable
from tests.support.publisher import RecordingPublisher

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.ingest.webhook.conftest import Webhook

    Serve = Callable[..., AbstractAsyncContextManager[Webhook]]

EVENT = {"ce-specversion": "1.0", "ce-id": "1", "ce-source": "/probe", "ce-type": "com.example.probe"}
JSON = {"Content-Type": "application/json"}
SECRET = Secret.from_env("P", {"P": "s3cr3t"})
ROUTER = {"endpoints": {"webhook": {"type": "event-router"}}}


@pytest.mark.parametrize("method", ["POST", "PUT"])
async def test_an_event_is_answered_with_200_and_nothing(serve: Serve, method: str) -> None:
    async with serve(**ROUTER) as webhook:
        answer = await webhook.post("/webhook", method=method)

    assert (200, b"", 1) == (answer.status, answer.body, len(webhook.publisher.records))


@pytest.mark.parametrize(
    ("method", "headers", "status"),
    [
        ("POST", {**EVENT, "ce-type": ""}, 400),
        ("POST", JSON, 415),
        ("POST", {"Content-Type": "application/cloudevents-batch+json"}, 415),
    ],
)
async def test_what_is_no_event_is_told_so_in_one_sentence(
    serve: Serve, method: str, headers: dict[str, str], status: int
) -> None:
    async with serve(**ROUTER) as webhook:
        answer = await webhook.post("/webhook", headers, method=method)

    assert (status, "text/plain; charset=utf-8") == (answer.status, answer.headers["Content-Type"])
    assert answer.body


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/webhook", 405), ("POST", "/other", 404)])
async def test_other_methods_and_paths_are_refused_as_ever(serve: Serve, method: str, path: str, status: int) -> None:
    async with serve(**ROUTER) as webhook:
        assert status == (await webhook.post(path, method=method)).status


async def test_an_account_is_asked_for_when_there_is_one(serve: Serve) -> None:
    right = {"Authorization": "Basic " + b64encode(b"u:s3cr3t").decode()}
    door = {"username": "u", "password": SECRET}
    async with serve(endpoints={"webhook": {"type": "event-router", "door": door}}) as webhook:
        answers = [await webhook.post("/webhook", EVENT | one) for one in (right, {})]

    assert [200, 401] == [answer.status for answer in answers]
    assert answers[1].headers["WWW-Authenticate"].startswith("Basic ")


async def test_without_kafka_the_sender_is_told_to_come_back(serve: Serve) -> None:
    async with serve(RecordingPublisher(Unreachable("no broker")), **ROUTER) as webhook:
        answer = await webhook.post("/webhook")

    assert (503, "5") == (answer.status, answer.headers["Retry-After"])


@pytest.mark.parametrize(("rate", "told"), [(None, "*"), ("20/s", "1200")])
async def test_whoever_asks_first_may_send_what_the_endpoint_allows(serve: Serve, rate: str | None, told: str) -> None:
    headers = {"WebHook-Request-Origin": "any.example.org", "WebHook-Request-Callback": "http://10.0.0.1/"}
    given = {"type": "event-router"} | ({"rate": rate} if rate else {})
    async with serve(endpoints={"webhook": given}) as webhook:
        answer = await webhook.post("/webhook", headers, method="OPTIONS")
        assert 200 == (await webhook.post("/webhook", EVENT | headers)).status

    assert (200, "*", told) == (
        answer.status,
        answer.headers["WebHook-Allowed-Origin"],
        answer.headers["WebHook-Allowed-Rate"],
    )
