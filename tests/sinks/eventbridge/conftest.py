from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from tests.sinks.destination import Destination
from tests.sinks.eventbridge.bench import EventBridgeBench

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from clients.http import Client

FOREIGN = (
    *("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"),
    *("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL", "AWS_CA_BUNDLE"),
    *("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"),
)


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The only place where AWS's own search for credentials finds any."""
    for name in FOREIGN:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "secret"))
    return tmp_path / "secret"


@pytest.fixture(params=["classic", "v2"])
async def bench(request: pytest.FixtureRequest, client: Client, tmp_path: Path) -> AsyncIterator[EventBridgeBench]:
    async with _bench(client, tmp_path, request.param) as bench:
        yield bench


@pytest.fixture
async def classic(client: Client, tmp_path: Path) -> AsyncIterator[EventBridgeBench]:
    async with _bench(client, tmp_path, "classic") as bench:
        yield bench


@pytest.fixture
async def v2(client: Client, tmp_path: Path) -> AsyncIterator[EventBridgeBench]:
    async with _bench(client, tmp_path, "v2") as bench:
        yield bench


@asynccontextmanager
async def _bench(client: Client, folder: Path, api: str) -> AsyncIterator[EventBridgeBench]:
    async with Destination() as destination:
        bench = EventBridgeBench(client, folder, destination, api)
        yield bench
        await bench.close()
