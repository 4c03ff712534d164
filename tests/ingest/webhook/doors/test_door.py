"""The doors of a server that runs."""

from __future__ import annotations

import gzip
import hashlib
import hmac
from base64 import b64encode
from typing import TYPE_CHECKING, Any

import pytest

from schemas.config import Secret
from tests.support.publisher import RecordingPublisher

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from tests.ingest.webhook.conftest import Webhook

    Serve = Callable[..., AbstractAsyncContextManager[Webhook]]

EVENT = {"ce-specversion": "1.0", "ce-id": "1", "ce-source": "/probe", "ce-type": "com.example.probe"}
SECRET = Secret.from_env("S", {"S": "s3cr3t-tökén\nthe-next-one"})
SERVER = Secret.from_env("T", {"T": "token-of-the-server"})


def guarded(**door: Any) -> dict[str, Any]:
    return {"endpoints": {"events": {"type": "cloudevents", "door": door}, "other": {"type": "log-alert"}}}


def basic(account: str) -> dict[str, str]:
    return {"Authorization": "Basic " + b64encode(account.encode()).decode()}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (basic("u:s3cr3t-tökén"), 202),
        (basic("u:the-next-one"), 202),
        ({"Authorization": basic("u:the-next-one")["Authorization"].replace("Basic", "basic")}, 202),
        (basic("u:other"), 401),
        (basic("v:the-next-one"), 401),
        (basic("u:"), 401),
        (basic("u"), 401),
        (basic(""), 401),
        ({"Authorization": "Basic ???"}, 401),
        ({"Authorization": "Bearer the-next-one"}, 401),
        ({}, 401),
    ],
)
async def test_basic_asks_for_account_and_password_and_says_nothing_of_what_is_wrong(
    serve: Serve, headers: dict[str, str], status: int
) -> None:
    async with serve(**guarded(username="u", password=SECRET)) as webhook:
        answer = await webhook.post(headers=EVENT | headers)

    assert status == answer.status
    if status == 401:
        assert "Send the configured account by basic authentication." == answer.problem["detail"]
        assert answer.headers["WWW-Authenticate"].startswith("Basic ")


@pytest.mark.parametrize("token", ["s3cr3t-tökén", "the-next-one"])
async def test_while_a_token_is_changed_both_are_right(serve: Serve, token: str) -> None:
    async with serve(**guarded(token=SECRET)) as webhook:
        assert 202 == (await webhook.post(headers=EVENT | {"Authorization": f"Bearer {token}"})).status
        assert (
            401 == (await webhook.post(headers=EVENT | {"Authorization": "Bearer s3cr3t-tökén\tthe-next-one"})).status
        )


async def test_a_door_of_its_own_takes_the_place_of_the_servers_token(serve: Serve) -> None:
    ours, theirs = ({"Authorization": f"Bearer {token}"} for token in ("the-next-one", "token-of-the-server"))
    async with serve(token=SERVER, **guarded(token=SECRET)) as webhook:
        assert [202, 401] == [(await webhook.post(headers=EVENT | one)).status for one in (ours, theirs)]
        assert [401, 415] == [(await webhook.post("/other", headers=EVENT | one)).status for one in (ours, theirs)]
        assert [401, 200] == [(await webhook.post("/", one, method="GET")).status for one in (ours, theirs)]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/events/the-next-one", 202),
        ("/events/s3cr3t-t%C3%B6k%C3%A9n", 202),
        ("/events/other", 404),
        ("/events/", 404),
        ("/events", 404),
        ("/events/the-next-one/more", 404),
    ],
)
async def test_a_secret_path_is_there_only_for_who_knows_it(
    serve: Serve, caplog: pytest.LogCaptureFixture, path: str, status: int
) -> None:
    async with serve(**guarded(path_token=SECRET)) as webhook:
        answer = await webhook.post(path)
        listing = await webhook.post("/", method="GET")
        nowhere = await webhook.post("/nowhere")

    assert status == answer.status
    assert "next" not in caplog.text + listing.body.decode()
    if status == 404:
        assert nowhere.body == answer.body


async def test_a_failure_on_a_secret_path_keeps_it_out_of_the_log(
    serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    async with serve(RecordingPublisher(ValueError("inner")), **guarded(path_token=SECRET)) as webhook:
        assert 500 == (await webhook.post("/events/the-next-one")).status

    assert "inner" in caplog.text
    assert "the-next-one" not in caplog.text


async def test_a_signature_is_over_the_bytes_as_they_were_sent(serve: Serve) -> None:
    body = gzip.compress(b"{}")
    signature = "sha256=" + hmac.new(b"the-next-one", body, hashlib.sha256).hexdigest()
    headers = EVENT | {"Content-Encoding": "gzip", "Content-Type": "application/json"}
    async with serve(**guarded(hmac={"secret": SECRET})) as webhook:
        assert 202 == (await webhook.post(headers=headers | {"X-Hub-Signature-256": signature}, body=body)).status
        assert 401 == (await webhook.post(headers=headers | {"X-Hub-Signature-256": signature}, body=b"{}")).status
        assert 401 == (await webhook.post(headers=headers, body=body)).status

    assert [b"{}"] == [record.value for record in webhook.publisher.records]


@pytest.mark.parametrize(
    ("allow", "proxies", "forwarded", "status"),
    [
        ("127.0.0.0/8", [], "", 202),
        ("10.0.0.0/8", [], "10.1.2.3", 403),
        ("10.0.0.0/8", ["127.0.0.1"], "10.1.2.3", 202),
        ("10.0.0.0/8", ["127.0.0.1"], "10.1.2.3, 192.0.2.1", 403),
    ],
)
async def test_an_address_must_be_allowed_and_a_proxy_known(
    serve: Serve, allow: str, proxies: list[str], forwarded: str, status: int
) -> None:
    async with serve(proxies=proxies, **guarded(allow=[allow])) as webhook:
        assert status == (await webhook.post(headers=EVENT | {"X-Forwarded-For": forwarded})).status


async def test_all_that_a_door_names_is_asked_for(serve: Serve) -> None:
    right = {"Authorization": "Bearer the-next-one"}
    async with serve(**guarded(token=SECRET, allow=["10.0.0.0/8"])) as webhook:
        assert 403 == (await webhook.post(headers=EVENT | right)).status
    async with serve(**guarded(token=SECRET, allow=["127.0.0.1"])) as webhook:
        assert [202, 401] == [(await webhook.post(headers=EVENT | one)).status for one in (right, {})]


async def test_a_rotated_secret_counts_at_once(serve: Serve, tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("one-of-old\n")
    async with serve(**guarded(username="u", password=Secret.from_file(file))) as webhook:
        file.write_text("one-of-old\none-of-new\n")
        assert [202, 202] == [
            (await webhook.post(headers=EVENT | basic(f"u:one-of-{age}"))).status for age in ("old", "new")
        ]
        file.write_text("one-of-new\n")
        assert 401 == (await webhook.post(headers=EVENT | basic("u:one-of-old"))).status
