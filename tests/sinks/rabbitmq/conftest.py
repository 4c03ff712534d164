from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import aio_pika
import pytest
from yarl import URL

from tests.sinks.rabbitmq.bench import RabbitMqBench
from tests.sinks.relay import Relay

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from aio_pika.abc import AbstractChannel

    from clients.http import Client


@pytest.fixture
async def channel(amqp_url: str) -> AsyncIterator[AbstractChannel]:
    async with await aio_pika.connect(amqp_url) as connection:
        yield await connection.channel()


@pytest.fixture
def name() -> str:
    return f"test-{uuid.uuid4().hex}"


@pytest.fixture
async def bench(
    client: Client, tmp_path: Path, amqp_url: str, channel: AbstractChannel, name: str
) -> AsyncIterator[RabbitMqBench]:
    url = URL(amqp_url)
    queue = await channel.declare_queue(name, durable=True)
    async with Relay(url.host or "", url.port or 5672) as relay:
        yield RabbitMqBench(client, tmp_path, url, relay, queue)
    await queue.delete(if_unused=False, if_empty=False)
