"""A worker's word about the kill switch, on a real broker."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from clients.kafka.publisher import Publisher
from schemas import topics
from schemas.config import KafkaConfig
from schemas.control import REMEDIATION, Pause
from schemas.heartbeat import Heartbeat, Worker, digest
from streams.remediation.presence import Presence
from tests.support import topics as kafka_topics

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

pytestmark = pytest.mark.stack

WORKER = Worker("execute", "e1")
PAUSE = Pause(actor="eve@noc", since=datetime(2026, 1, 2, 12, tzinfo=UTC)).encode()


@pytest.fixture
def config(kafka: str, prefix: str) -> KafkaConfig:
    kafka_topics.create(kafka, topics.control(prefix), partitions=1, **{"cleanup.policy": "compact"})
    return KafkaConfig(bootstrap=kafka, prefix=prefix, replication=1)


def words(config: KafkaConfig) -> list[bytes | None]:
    """All that the worker has said."""
    stored = kafka_topics.everything(config.bootstrap, topics.control(config.prefix))
    return [each.value() for each in stored if each.key() == WORKER.key]


@asynccontextmanager
async def present(config: KafkaConfig) -> AsyncIterator[Presence]:
    publisher = Publisher(config, client_id="t")
    await publisher.start()
    try:
        presence = Presence(config, WORKER, group=topics.group(config.prefix, topics.EXECUTE), publisher=publisher)
        with closing(presence.switch):
            yield presence
    finally:
        await publisher.close()


async def until_said(config: KafkaConfig, count: int) -> None:
    while len(await asyncio.to_thread(words, config)) < count:
        await asyncio.sleep(0.05)


async def test_a_worker_does_nothing_before_its_first_word_was_read_back(config: KafkaConfig) -> None:
    """Whoever pauses either knows it, or has written before: so that has been read, too."""
    async with present(config) as presence:
        entering = asyncio.create_task(presence.enter(lambda: False))
        await until_said(config, 1)
        kafka_topics.produce(config.bootstrap, topics.control(config.prefix), [PAUSE], key=REMEDIATION)
        await asyncio.sleep(0.3)
        assert not entering.done()
        presence.switch.start()
        await entering
        assert presence.switch.paused() is not None


async def test_each_turn_of_the_switch_is_confirmed_by_name(config: KafkaConfig) -> None:
    """The word names the very record; a tombstone has the empty one; who leaves says so."""
    async with present(config) as presence:
        presence.switch.start()
        await presence.enter(lambda: False)
        running = asyncio.create_task(presence.run())
        for count, record in enumerate([PAUSE, None], 2):
            kafka_topics.produce(config.bootstrap, topics.control(config.prefix), [record], key=REMEDIATION)  # type: ignore[list-item]
            await until_said(config, count)
        running.cancel()
        await presence.leave()
    *said, left = words(config)
    assert ["", digest(PAUSE), ""] == [Heartbeat.decode(word or b"").seen for word in said]
    assert None is left
