"""Slack's commands with a real broker behind the server."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import aiohttp
import orjson
import pytest

from clients.kafka import admin
from ingest.webhook import service
from ops.demo.child import free_port
from ops.dev import stack as dev
from schemas import seal, topics
from schemas.cloudevents import kafka as binding
from schemas.config import Config, KafkaConfig, WebhookConfig
from schemas.principal import verify
from tests.support import slack
from tests.support.topics import everything

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from schemas.cloudevents import CloudEvent

pytestmark = pytest.mark.stack


@pytest.fixture
def config(kafka: str, prefix: str) -> Config:
    config = Config(
        kafka=KafkaConfig(bootstrap=kafka, prefix=prefix, partitions=3, replication=1),
        webhook=WebhookConfig.model_validate(
            {"listen": f"127.0.0.1:{free_port()}", "endpoints": {"slack": slack.endpoint()}}
        ),
    )
    admin.create(config.kafka, topics.table(config), report=lambda _: None)
    return config


@asynccontextmanager
async def serving(config: Config) -> AsyncIterator[aiohttp.ClientSession]:
    stop, ready = asyncio.Event(), asyncio.Event()
    running = asyncio.create_task(service.run(config, instance="test", stop=stop, ready=ready.set))
    try:
        await ready.wait()
        async with aiohttp.ClientSession(f"http://{config.webhook.listen}") as client:
            yield client
    finally:
        stop.set()
        await running


async def ask(client: aiohttp.ClientSession, trigger: str) -> str:
    """What somebody in Slack reads, within the time that Slack waits."""
    content = slack.body("command", trigger_id=trigger)
    async with (
        asyncio.timeout(3),
        client.post("/slack", data=content, headers=slack.headers(content, now=time.time())) as answer,
    ):
        assert 200 == answer.status
        return str(orjson.loads(await answer.read())["text"])


def stored(config: Config, kafka: str) -> list[CloudEvent]:
    name = topics.commands(config.kafka.prefix)
    return [binding.from_message(m.headers(), m.value()) for m in everything(kafka, name)]


async def test_an_accepted_command_is_on_its_topic_and_on_no_other(config: Config, kafka: str) -> None:
    async with serving(config) as client:
        assert "Accepted: /vm" == await ask(client, "1.2.a")

    (event,) = stored(config, kafka)
    assert "1.2.a" == event.id
    assert slack.USER == verify(event, slack.ring("principal")).user
    sealed = str(event.extensions["replyaddress"])
    address = seal.open(sealed, slack.ring("seal"), source=event.source, id=event.id, now=time.time())
    assert slack.recorded("command")["response_url"] == address
    assert [] == [*everything(kafka, topics.events(config.kafka.prefix))]


async def test_without_a_broker_people_are_told_in_time_and_nothing_comes_later(
    config: Config, kafka: str, state: Path
) -> None:
    async with serving(config) as client:
        assert "Accepted: /vm" == await ask(client, "1.2.before")
        await asyncio.to_thread(dev.stop, state, "kafka")
        try:
            assert "try again" in await ask(client, "1.2.during")
        finally:
            await asyncio.to_thread(dev.start, state, "kafka")
        async with asyncio.timeout(60):
            while await ask(client, "1.2.after") != "Accepted: /vm":
                pass

    found = {event.id for event in stored(config, kafka)}
    assert {"1.2.before", "1.2.after"} == found
