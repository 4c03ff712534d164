from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING

import pytest

from clients.kafka.errors import PublishRejected
from clients.kafka.record import Outgoing
from ingest.webhook.batches import Batches
from ingest.webhook.writer import Writer
from schemas.config import KafkaConfig
from schemas.errors import Unreachable
from tests.support import topics

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

LARGE = os.urandom(2_000_000)


@pytest.fixture
def topic(kafka: str, prefix: str) -> str:
    topics.create(kafka, prefix)
    return prefix


@pytest.fixture
async def batches(kafka: str, prefix: str) -> AsyncIterator[Batches]:
    names = [f"{prefix}-{number}" for number in range(2)]
    config = KafkaConfig(bootstrap=kafka)
    batches = Batches([Writer(config, name=f"{prefix}.test", transactional_id=name) for name in names])
    await batches.start()
    yield batches
    await batches.close()


def request(topic: str, number: int, *values: bytes) -> list[Outgoing]:
    return [Outgoing(topic, value, headers=(("request", b"%d" % number),)) for value in values or (b"a", b"b", b"c")]


@pytest.mark.stack
async def test_many_requests_at_once_are_all_stored_each_in_its_order(batches: Batches, kafka: str, topic: str) -> None:
    await asyncio.gather(*(batches.write(request(topic, number), patience=30) for number in range(100)))

    stored: dict[bytes, list[bytes]] = {}
    for record in topics.everything(kafka, topic):
        stored.setdefault(dict(record.headers() or ())["request"], []).append(record.value() or b"")
    assert {b"%d" % number: [b"a", b"b", b"c"] for number in range(100)} == stored


@pytest.mark.stack
async def test_a_request_that_kafka_refuses_does_not_fail_its_neighbours(
    batches: Batches, kafka: str, topic: str
) -> None:
    requests = [request(topic, number, b"a", LARGE if number == 3 else b"b") for number in range(8)]
    outcomes = await asyncio.gather(*(batches.write(one, patience=30) for one in requests), return_exceptions=True)

    assert [3] == [number for number, outcome in enumerate(outcomes) if isinstance(outcome, PublishRejected)]
    assert 1 == len([outcome for outcome in outcomes if outcome is not None])
    assert 14 == len(topics.everything(kafka, topic))


async def test_without_a_broker_the_wait_is_bounded_and_so_is_the_end() -> None:
    batches = Batches([Writer(KafkaConfig(bootstrap="127.0.0.1:9"), name="test", transactional_id="t-0")])
    await batches.start()
    with pytest.raises((TimeoutError, Unreachable)):
        await batches.write(request("t", 0), patience=0.2)

    async with asyncio.timeout(30):
        await batches.close()
