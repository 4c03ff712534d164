from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from clients.http import Client

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with Client() as client:
        yield client
