"""Slack at the server: what it signs, and what people see."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from slack_sdk.signature import SignatureVerifier

from clients.kafka.errors import PublishRejected
from ingest.webhook.metrics import FAILURES, NOT_ALLOWED
from schemas.cloudevents import kafka
from schemas.errors import Refused, Unreachable
from tests.support import slack
from tests.support.publisher import RecordingPublisher
from tests.support.slack import SIGNING, body, endpoint, headers

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.ingest.webhook.conftest import Answer, Webhook

    Serve = Callable[..., AbstractAsyncContextManager[Webhook]]

OTHER = "another-signing-secret"


def said(answer: Answer) -> str:
    """What somebody in Slack reads."""
    assert (200, "application/json") == (answer.status, answer.headers["Content-Type"])
    told: dict[str, Any] = orjson.loads(answer.body)
    assert ("ephemeral", False) == (told["response_type"], told["replace_original"])
    return str(told["text"])


async def ask(webhook: Webhook, content: bytes, *, ago: float = 0, secret: str = SIGNING, **changes: str) -> Answer:
    given = headers(content, now=time.time() - ago, secret=secret) | changes
    return await webhook.post("/slack", given, content)


async def test_a_command_is_accepted_in_words_and_stored_with_the_commands(serve: Serve) -> None:
    async with serve(endpoints={"slack": endpoint()}) as webhook:
        assert "Accepted: /vm" == said(await ask(webhook, body("command")))

    (record,) = webhook.publisher.records
    assert ("t.commands", b"slack/T0001ABCD/C2147483705") == (record.topic, record.key)
    assert "com.reflexarc.slack.command.v0" == kafka.from_message(record.headers, record.value).type


@pytest.mark.parametrize("name", slack.PAYLOADS)
async def test_an_interaction_is_accepted_without_a_word(serve: Serve, name: str) -> None:
    async with serve(endpoints={"slack": endpoint()}) as webhook:
        answer = await ask(webhook, body(name))

    assert (200, b"") == (answer.status, answer.body)
    assert ["t.commands"] == [record.topic for record in webhook.publisher.records]


async def test_slacks_own_library_signs_as_we_do() -> None:
    content, seconds = body("command"), str(int(time.time()))

    made = SignatureVerifier(SIGNING).generate_signature(timestamp=seconds, body=content)
    assert made == headers(content, now=float(seconds))["X-Slack-Signature"]


@pytest.mark.parametrize(
    "changes",
    [
        {"X-Slack-Signature": ""},
        {"X-Slack-Signature": "v0=" + "0" * 64},
        {"X-Slack-Request-Timestamp": "junk"},
        {"X-Slack-Request-Timestamp": ""},
        {"X-Slack-Request-Timestamp": "9" * 400},
    ],
)
async def test_who_does_not_sign_gets_401_and_no_event(serve: Serve, changes: dict[str, str]) -> None:
    failures = FAILURES.labels("/slack")
    before = failures._value.get()
    async with serve(endpoints={"slack": endpoint()}) as webhook:
        assert 401 == (await ask(webhook, body("command"), **changes)).status

    assert ([], 0) == (webhook.publisher.records, failures._value.get() - before)


@pytest.mark.parametrize(("ago", "status"), [(295, 200), (310, 401), (-310, 401)])
async def test_a_request_counts_for_five_minutes(serve: Serve, ago: float, status: int) -> None:
    async with serve(endpoints={"slack": endpoint()}) as webhook:
        assert status == (await ask(webhook, body("command"), ago=ago)).status


async def test_the_signature_is_over_the_bytes_as_they_were_sent(serve: Serve) -> None:
    content = body("command")
    same = content.replace(b"%2F", b"%2f")
    async with serve(endpoints={"slack": endpoint()}) as webhook:
        signed = headers(content, now=time.time())
        assert [401, 200] == [(await webhook.post("/slack", signed, sent)).status for sent in (same, content)]


async def test_two_secrets_count_while_one_is_changed(serve: Serve) -> None:
    async with serve(endpoints={"slack": endpoint(OTHER, SIGNING)}) as webhook:
        statuses = [(await ask(webhook, body("command"), secret=secret)).status for secret in (OTHER, SIGNING, "third")]

    assert [200, 200, 401] == statuses


async def test_a_look_at_the_certificate_needs_no_signature_and_makes_no_event(serve: Serve) -> None:
    form = {"Content-Type": slack.FORM}
    check = b"token=t&ssl_check=1"
    async with serve(endpoints={"slack": endpoint()}) as webhook:
        statuses = [
            (await webhook.post("/slack", form, check)).status,
            (await webhook.post("/slack", form, check + b"&command=%2Fvm&text=x")).status,
            (await webhook.post("/slack?ssl_check=1&token=t", {}, method="GET")).status,
        ]
        refused = [
            (await webhook.post("/slack", form, b"ssl_check=0")).status,
            (await webhook.post("/slack?ssl_check=1", form, body("command"))).status,
            (await webhook.post("/slack", {}, method="GET")).status,
        ]

    assert ([200, 200, 200], [401, 401, 405]) == (statuses, refused)
    assert [] == webhook.publisher.records


@pytest.mark.parametrize("name", ["command", "button"])
async def test_who_may_not_is_told_so_and_counted(serve: Serve, name: str) -> None:
    before = NOT_ALLOWED.labels("slack")._value.get()
    async with serve(endpoints={"slack": endpoint(users=["U0002"])}) as webhook:
        text = said(await ask(webhook, body(name)))

    assert "You are not allowed to do this here (user U2147483697 of T0001ABCD)." == text
    assert [] == webhook.publisher.records
    assert 1 == NOT_ALLOWED.labels("slack")._value.get() - before


@pytest.mark.parametrize("failure", [Unreachable("no broker"), Refused("no right"), ValueError("a fault of ours")])
async def test_what_cannot_be_stored_is_said_in_words(serve: Serve, failure: Exception) -> None:
    async with serve(RecordingPublisher(failure), endpoints={"slack": endpoint()}) as webhook:
        text = said(await ask(webhook, body("command")))
        again = said(await ask(webhook, body("command")))

    assert ("try again" in text or "Nothing was accepted" in text, "Accepted: /vm") == (True, again)


async def test_what_is_signed_and_not_understood_is_said_in_words(serve: Serve) -> None:
    async with serve(endpoints={"slack": endpoint()}) as webhook:
        missing = said(await ask(webhook, body("command", command=None)))
        deep = said(await ask(webhook, b"payload=" + b"[" * 100 + b"]" * 100))

    assert "This is not understood: command: required, but missing" == missing
    assert deep.startswith("This is not understood: ")


async def test_too_many_requests_are_said_in_words(serve: Serve) -> None:
    async with serve(endpoints={"slack": endpoint() | {"rate": "1/h"}}) as webhook:
        answers = [await ask(webhook, body("command")) for _ in range(2)]

    assert ["Accepted: /vm", "Too much is going on here at the moment. Try again in a moment."] == [*map(said, answers)]


async def test_what_is_too_large_is_said_in_words(serve: Serve) -> None:
    async with serve(
        RecordingPublisher(PublishRejected("large")), endpoints={"slack": endpoint()}, max_body=2000
    ) as webhook:
        texts = [said(await ask(webhook, content)) for content in (body("command"), body("command", text="x" * 2000))]

    assert ["This is too large to be accepted."] * 2 == texts


async def test_no_capability_of_slacks_is_in_a_log(serve: Serve, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    failures = [ValueError("a fault of ours"), Unreachable("no broker"), Refused("no right")]
    async with serve(RecordingPublisher(*failures), endpoints={"slack": endpoint()}) as webhook:
        for _ in range(4):
            await ask(webhook, body("command"))
        await ask(webhook, body("command", response_url="https://example.org/gIkuvaNzQIHg97ATvDxqgjtO"))

    assert "gIkuvaNzQIHg97ATvDxqgjtO" not in caplog.text
    assert "5678abcd" not in caplog.text
