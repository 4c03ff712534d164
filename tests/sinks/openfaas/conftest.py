from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.sinks.destination import Destination
from tests.sinks.openfaas.gateway import OpenFaasBench

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from clients.http import Client


@pytest.fixture
async def bench(client: Client, tmp_path: Path) -> AsyncIterator[OpenFaasBench]:
    async with Destination() as gateway:
        bench = OpenFaasBench(client, tmp_path, gateway)
        yield bench
        await bench.finish()
