from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.sinks.destination import Destination
from tests.sinks.vro.bench import VroBench

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from clients.http import Client

WAYS: Final[dict[str, dict[str, Any]]] = {
    "followed": {},
    "left": {"follow": False},
    "by token": {"auth": "bearer"},
    "by refresh token": {"auth": "bearer", "refresh_token_file": "secret"},
}


@pytest.fixture
async def bench(client: Client, tmp_path: Path) -> AsyncIterator[VroBench]:
    async with Destination() as destination:
        yield VroBench(client, tmp_path, destination)


@pytest.fixture(params=WAYS)
async def each(request: pytest.FixtureRequest, client: Client, tmp_path: Path) -> AsyncIterator[VroBench]:
    """Every way to start and to log in."""
    extra = dict(WAYS[request.param])
    if "refresh_token_file" in extra:
        extra["refresh_token_file"] = str(tmp_path / "secret")
    async with Destination() as destination:
        yield VroBench(client, tmp_path, destination, **extra)
