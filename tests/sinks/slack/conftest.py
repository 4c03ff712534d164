from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.sinks.slack.bench import Remembering, SlackBench
from tests.support.chat import Chat

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from clients.http import Client


@pytest.fixture
async def chat(tmp_path: Path) -> AsyncIterator[Chat]:
    async with Chat(tmp_path / "chat") as chat:
        yield chat


@pytest.fixture
async def bench(client: Client, tmp_path: Path, chat: Chat) -> SlackBench:
    return SlackBench(client, tmp_path, chat)


@pytest.fixture
async def remembering(client: Client, tmp_path: Path, chat: Chat) -> Remembering:
    return Remembering(client, tmp_path, chat)
