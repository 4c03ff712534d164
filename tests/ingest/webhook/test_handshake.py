from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from schemas.config import Secret

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.ingest.webhook.conftest import Webhook

    Serve = Callable[..., AbstractAsyncContextManager[Webhook]]

EVENT = {"ce-specversion": "1.0", "ce-id": "1", "ce-source": "/probe", "ce-type": "com.example.probe"}
TOKEN = Secret.from_env("T", {"T": "s3cr3t"})


def known(**settings: Any) -> dict[str, Any]:
    origins = {"events.example.org": "120/m"}
    return {"endpoints": {"events": {"type": "cloudevents", "origins": origins, **settings}}}


def asking(origin: str, **more: str) -> dict[str, str]:
    return {"WebHook-Request-Origin": origin, **more}


@pytest.mark.parametrize("origin", ["events.example.org", "Events.Example.ORG"])
async def test_a_known_origin_is_granted_its_rate_without_showing_anything(serve: Serve, origin: str) -> None:
    async with serve(token=TOKEN, **known()) as webhook:
        answer = await webhook.post(headers=asking(origin), method="OPTIONS")

    assert (200, b"") == (answer.status, answer.body)
    assert ("POST", origin, "120") == tuple(
        answer.headers[name] for name in ("Allow", "WebHook-Allowed-Origin", "WebHook-Allowed-Rate")
    )


@pytest.mark.parametrize(("headers", "status"), [(asking("other.example.org"), 403), ({}, 400)])
async def test_others_are_granted_nothing(serve: Serve, headers: dict[str, str], status: int) -> None:
    async with serve(**known()) as webhook:
        answer = await webhook.post(headers=headers, method="OPTIONS")

    assert status == answer.status
    assert "WebHook-Allowed-Origin" not in answer.headers


async def test_an_endpoint_without_origins_knows_no_hand_shake(webhook: Webhook) -> None:
    answer = await webhook.post(headers=asking("events.example.org"), method="OPTIONS")
    assert (405, "POST") == (answer.status, answer.headers["Allow"])


async def test_the_rate_that_was_granted_is_enforced_and_nobody_elses(serve: Serve) -> None:
    async with serve(**known()) as webhook:
        statuses = [(await webhook.post(headers=EVENT | asking("events.example.org"))).status for _ in range(9)]
        assert 202 == (await webhook.post()).status
        assert 403 == (await webhook.post(headers=EVENT | asking("other.example.org"))).status

    assert [202, 202, 429] == statuses[:3]
    assert 1 + statuses.count(202) == len(webhook.publisher.records)


async def test_an_address_may_not_knock_more_often_than_the_endpoint_allows(serve: Serve) -> None:
    async with serve(**known(rate="1/h")) as webhook:
        answers = [await webhook.post(headers=asking("events.example.org"), method="OPTIONS") for _ in range(2)]
        assert 429 == (await webhook.post()).status

    assert [200, 429] == [answer.status for answer in answers]
    assert 3599 < int(answers[1].headers["Retry-After"]) <= 3600
