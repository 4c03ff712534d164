from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.sinks.destination import Destination
from tests.sinks.vrops.bench import PosingBench, VropsBench

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from clients.http import Client


@pytest.fixture
async def bench(client: Client, tmp_path: Path) -> AsyncIterator[VropsBench]:
    async with Destination() as destination:
        yield VropsBench(client, tmp_path, destination)


@pytest.fixture
async def posing(client: Client, tmp_path: Path) -> AsyncIterator[PosingBench]:
    async with Destination() as destination:
        yield PosingBench(client, tmp_path, destination)
