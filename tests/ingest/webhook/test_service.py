from __future__ import annotations

import asyncio
import itertools
import logging
import signal
import socket
import sys

import aiohttp
import pytest

from clients.kafka import admin
from ingest.webhook import service
from schemas.cloudevents.kafka import from_message
from schemas.config import Config, KafkaConfig, WebhookConfig
from schemas.errors import ConfigError, Refused
from schemas.topics import table
from tests.support import topics

PROGRAM = """
import asyncio, logging, sys
from ingest.webhook import service
from schemas.config import Config, KafkaConfig, WebhookConfig

logging.basicConfig(level=logging.INFO)
kafka = KafkaConfig(bootstrap=sys.argv[1], prefix=sys.argv[2], partitions=2, replication=1)
asyncio.run(service.run(Config(kafka=kafka, webhook=WebhookConfig(listen="127.0.0.1:0")), instance="test"))
"""


def configuration(bootstrap: str, prefix: str = "t", listen: str = "127.0.0.1:0") -> Config:
    kafka = KafkaConfig(bootstrap=bootstrap, prefix=prefix, partitions=2, replication=1)
    return Config(kafka=kafka, webhook=WebhookConfig(listen=listen))


async def send_until_refused(
    client: aiohttp.ClientSession, name: str, accepted: list[str], enough: asyncio.Event
) -> None:
    """Post events one after another; the first 503, or the end of the connection, ends it."""
    for number in itertools.count():
        headers = {"ce-specversion": "1.0", "ce-id": f"{name}-{number}", "ce-source": "/s", "ce-type": "t"}
        try:
            async with client.post("/events", headers=headers) as answer:
                if answer.status != 202:
                    return
        except aiohttp.ClientConnectionError:
            return
        accepted.append(headers["ce-id"])
        if len(accepted) > 200:
            enough.set()


async def test_without_a_webhook_part_there_is_nothing_to_serve() -> None:
    config = Config(kafka=KafkaConfig(bootstrap="127.0.0.1:9"))

    with pytest.raises(ConfigError) as refused:
        await service.run(config, instance="test", stop=asyncio.Event())

    assert ["webhook"] == [problem.where for problem in refused.value.problems]


class Setting(logging.Handler):
    """Sets an event of the loop at the first log record, from whatever thread."""

    def __init__(self, event: asyncio.Event) -> None:
        super().__init__()
        self._loop = asyncio.get_running_loop()
        self._event = event

    def emit(self, _record: logging.LogRecord) -> None:
        self._loop.call_soon_threadsafe(self._event.set)


async def test_waiting_for_kafka_can_be_ended() -> None:
    stop = asyncio.Event()
    handler = Setting(stop)
    logger = logging.getLogger("ingest.webhook.service")
    logger.addHandler(handler)
    try:
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            config = configuration(f"127.0.0.1:{unused.getsockname()[1]}")
            await asyncio.wait_for(service.run(config, instance="test", stop=stop), 20)
    finally:
        logger.removeHandler(handler)

    assert stop.is_set()


@pytest.mark.stack
async def test_a_missing_topic_is_named_with_its_cure(kafka: str, prefix: str) -> None:
    with pytest.raises(Refused, match=rf"{prefix}\.events does not exist.*topics create"):
        await service.run(configuration(kafka, prefix), instance="test", stop=asyncio.Event())


@pytest.mark.stack
async def test_after_sigterm_every_accepted_request_is_in_kafka(kafka: str, prefix: str) -> None:
    admin.create(configuration(kafka, prefix).kafka, table(configuration(kafka, prefix)), report=lambda _: None)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PROGRAM, kafka, prefix, stderr=asyncio.subprocess.PIPE
    )
    try:
        url = (await process.stderr.readline()).decode().rpartition(" ")[2].strip()
        accepted: list[str] = []
        enough = asyncio.Event()
        async with aiohttp.ClientSession(url) as client, asyncio.TaskGroup() as senders:
            for sender in range(16):
                senders.create_task(send_until_refused(client, f"s{sender}", accepted, enough))
            await enough.wait()
            process.send_signal(signal.SIGTERM)
        assert 0 == await asyncio.wait_for(process.wait(), 30)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()

    stored = {from_message(m.headers(), m.value()).id for m in topics.everything(kafka, f"{prefix}.events")}
    assert set(accepted) <= stored
