from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from schemas.config import Secret

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from tests.ingest.webhook.conftest import Answer, Webhook

    Serve = Callable[..., AbstractAsyncContextManager[Webhook]]

EVENT = {"ce-specversion": "1.0", "ce-id": "1", "ce-source": "/probe", "ce-type": "com.example.probe"}


class TokenFile:
    """A secret file that a test rotates."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.write("s3cr3t-tökén\n")
        self.secret = Secret.from_file(path)

    def write(self, text: str) -> None:
        self._path.write_text(text)

    def remove(self) -> None:
        self._path.unlink()


@pytest.fixture
def token(tmp_path: Path) -> TokenFile:
    return TokenFile(tmp_path / "token")


async def present(webhook: Webhook, authorization: str, path: str = "/events") -> Answer:
    return await webhook.post(path, EVENT | {"Authorization": authorization})


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER "])
async def test_the_configured_token_opens(serve: Serve, token: TokenFile, scheme: str) -> None:
    async with serve(token=token.secret) as webhook:
        assert 202 == (await present(webhook, f"{scheme} s3cr3t-tökén")).status

    assert 1 == len(webhook.publisher.records)


@pytest.mark.parametrize(
    "authorization",
    ["", "Bearer", "Bearer ", "Bearer s3cr3t-tök", "Bearer s3cr3t-tökénn", "Basic s3cr3t-tökén", "s3cr3t-tökén"],
)
@pytest.mark.parametrize("path", ["/events", "/alerts/log", "/nowhere", "/"])
async def test_everybody_else_stays_outside_on_every_path(
    serve: Serve, token: TokenFile, authorization: str, path: str
) -> None:
    async with serve(token=token.secret) as webhook:
        answer = await present(webhook, authorization, path)

    assert 401 == answer.problem["status"]
    assert answer.headers["WWW-Authenticate"].startswith('Bearer realm="reflexarc"')
    assert b"s3cr3t" not in answer.body
    assert [] == webhook.publisher.records


@pytest.mark.parametrize("path", ["/events", "/events?access_token=s3cr3t-tökén"])
async def test_without_the_header_nobody_comes_in(serve: Serve, token: TokenFile, path: str) -> None:
    async with serve(token=token.secret) as webhook:
        assert 401 == (await webhook.post(path)).status


async def test_a_rotated_token_counts_at_once(serve: Serve, token: TokenFile) -> None:
    async with serve(token=token.secret) as webhook:
        token.write("new")

        assert 202 == (await present(webhook, "Bearer new")).status
        assert 401 == (await present(webhook, "Bearer s3cr3t-tökén")).status


async def test_a_token_that_cannot_be_read_opens_to_nobody(serve: Serve, token: TokenFile, tmp_path: Path) -> None:
    async with serve(token=token.secret) as webhook:
        token.write("")
        assert 503 == (await present(webhook, "Bearer ")).status
        token.remove()
        answer = await present(webhook, "Bearer s3cr3t-tökén")

    assert 503 == answer.status
    assert str(tmp_path).encode() not in answer.body
