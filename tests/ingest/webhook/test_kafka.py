"""The server with a real broker behind it."""

from __future__ import annotations

import asyncio
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

import pytest

from clients.kafka import admin
from clients.kafka.publisher import Publisher
from ingest.webhook.batches import Batches
from ingest.webhook.writer import Writer
from ops.dev import stack as dev
from schemas import topics
from schemas.cloudevents import CloudEvent, http, json
from schemas.cloudevents import kafka as binding
from schemas.config import Config, KafkaConfig
from tests.support.topics import everything

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from tests.ingest.webhook.conftest import Webhook

    Serve = Callable[..., AbstractAsyncContextManager[Webhook]]
    Storing = Serve

pytestmark = pytest.mark.stack

BINARY = {"ce-specversion": "1.0", "ce-id": "1", "ce-source": "/probe", "ce-type": "com.example.probe"}
EVENTS = [
    CloudEvent(id="json", source="/a", type="t", datacontenttype="application/json", data=b'{"n": 1.50}'),
    CloudEvent(id="bytes", source="/a", type="t", datacontenttype="image/png", data=bytes(range(256))),
    CloudEvent(id="none", source="/b", type="t"),
    CloudEvent(
        id="all",
        source="https://vc1/sdk",
        type="t",
        subject="ä €",
        time="2026-01-01T00:00:00.123456789+01:00",
        dataschema="https://example.com/s",
        datacontenttype="text/plain; charset=utf-8",
        extensions={"partitionkey": "vc1/vm-7", "severitynumber": "7"},
        data="größer".encode(),
    ),
]


@pytest.fixture
def config(kafka: str, prefix: str) -> Config:
    config = Config(kafka=KafkaConfig(bootstrap=kafka, prefix=prefix, partitions=3, replication=1))
    admin.create(config.kafka, topics.table(config), report=lambda _: None)
    return config


@pytest.fixture
async def batches(config: Config, prefix: str) -> AsyncIterator[Batches]:
    batches = Batches([Writer(config.kafka, name=f"{prefix}.test", transactional_id=f"{prefix}.test-0")])
    await batches.start()
    yield batches
    await batches.close()


@pytest.fixture
async def publisher(config: Config) -> AsyncIterator[Publisher]:
    publisher = Publisher(config.kafka, client_id="test", topics=topics.table(config))
    await publisher.start()
    yield publisher
    await publisher.close()


@pytest.fixture
def storing(serve: Serve, publisher: Publisher, batches: Batches, config: Config) -> Storing:
    return partial(serve, publisher, batches=batches, topic=topics.events(config.kafka.prefix))


async def test_what_was_accepted_is_in_kafka_byte_for_byte(
    serve: Serve, publisher: Publisher, config: Config, kafka: str
) -> None:
    name = topics.events(config.kafka.prefix)
    sent = [(encode(event), event) for encode in (http.to_binary, http.to_structured) for event in EVENTS]

    async with serve(publisher, topic=name) as webhook:
        answers = await asyncio.gather(*(webhook.post("/events", request.headers, request.body) for request, _ in sent))

    assert {202} == {answer.status for answer in answers}
    expected = [(key_of(event), *binding.to_binary(event)) for _, event in sent]
    stored = [(m.key(), tuple(m.headers()), m.value()) for m in everything(kafka, name)]
    assert sorted(expected, key=repr) == sorted(stored, key=repr)


def key_of(event: CloudEvent) -> bytes:
    return str(event.extensions.get("partitionkey", event.source)).encode()


async def test_a_batch_is_in_kafka_whole_or_not_at_all(
    serve: Serve, publisher: Publisher, batches: Batches, config: Config, kafka: str
) -> None:
    name = topics.events(config.kafka.prefix)
    headers = {"Content-Type": "application/cloudevents-batch+json"}
    bodies = [b"[" + b",".join(map(json.dumps, EVENTS)) + b"]", b"[" + json.dumps(EVENTS[0]) + b",{}]"]

    async with serve(publisher, batches=batches, topic=name) as webhook:
        answers = [await webhook.post("/events", headers, body) for body in bodies]

    assert [202, 400] == [answer.status for answer in answers]
    expected = [(key_of(event), *binding.to_binary(event)) for event in EVENTS]
    stored = [(m.key(), tuple(m.headers()), m.value()) for m in everything(kafka, name)]
    assert sorted(expected, key=repr) == sorted(stored, key=repr)


async def test_an_event_whose_headers_outgrow_the_record_is_too_large(
    serve: Serve, publisher: Publisher, config: Config
) -> None:
    headers = BINARY | {f"ce-x{number}": "x" * 8000 for number in range(20)}
    async with serve(publisher, topic=topics.events(config.kafka.prefix)) as webhook:
        assert 413 == (await webhook.post(headers=headers, body=bytes(2**20))).status
        assert 202 == (await webhook.post(body=bytes(2**20))).status


async def test_without_the_topic_the_sender_comes_back(serve: Serve, publisher: Publisher, prefix: str) -> None:
    async with serve(publisher, topic=f"{prefix}.nowhere") as webhook:
        answer = await webhook.post()

    assert (503, "30") == (answer.status, answer.headers["Retry-After"])


@pytest.mark.parametrize("together", [False, True])
async def test_a_broker_that_goes_away_means_503_and_202_again_when_it_is_back(
    storing: Storing, config: Config, kafka: str, state: Path, *, together: bool
) -> None:
    name = topics.events(config.kafka.prefix)

    async def send(webhook: Webhook, name: str) -> int:
        if not together:
            return (await webhook.post(headers=BINARY | {"ce-id": name})).status
        body = [json.dumps(CloudEvent(id=name, source=source, type="t")) for source in ("/a", "/b")]
        headers = {"Content-Type": "application/cloudevents-batch+json"}
        return (await webhook.post("/events", headers, b"[" + b",".join(body) + b"]")).status

    async with storing(patience=2.0) as webhook:
        async with asyncio.timeout(30):
            while await send(webhook, "before") != 202:
                pass
        await asyncio.to_thread(dev.stop, state, "kafka")
        try:
            async with asyncio.timeout(5):
                assert 503 == await send(webhook, "during")
        finally:
            await asyncio.to_thread(dev.start, state, "kafka")
        async with asyncio.timeout(30):
            while await send(webhook, "after") != 202:
                pass

    stored = Counter(binding.from_message(m.headers(), m.value()).id for m in everything(kafka, name))
    assert {"before", "after"} <= set(stored)
    assert not together or all(number % 2 == 0 for number in stored.values())
