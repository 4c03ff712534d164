"""CloudEvents' own scenarios of the Kafka binding: records on a real topic, read, and written by a sink."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any, Final

import pytest
from confluent_kafka import Producer

from clients.kafka.publisher import Publisher
from schemas.cloudevents import kafka as binding
from schemas.config import KafkaConfig
from sinks import registry
from sinks.base import SinkContext
from tests.conformance.scenario import ATTRIBUTES, DATA, STRUCTURED, envelope, expected, told
from tests.support import topics

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

pytestmark = pytest.mark.stack

BINARY: Final = {
    **{f"ce_{name}": value.encode() for name, value in ATTRIBUTES.items()},
    "content-type": b"application/json",
}
RECORDS: Final[dict[str, tuple[dict[str, bytes], bytes]]] = {
    "binary": (BINARY, json.dumps(DATA).encode()),
    **{kind: ({"content-type": kind.encode()}, envelope()) for kind in STRUCTURED},
}
"""Headers and values of the scenarios."""


@pytest.fixture
def topic(kafka: str, prefix: str) -> str:
    topics.create(kafka, f"{prefix}.conformance")
    return f"{prefix}.conformance"


@pytest.fixture
async def context(kafka: str) -> AsyncIterator[SinkContext]:
    config = KafkaConfig(bootstrap=kafka, replication=1)
    publisher = Publisher(config, client_id="test")
    await publisher.start()
    yield SinkContext(vcenters={}, kafka=config, publisher=publisher)
    await publisher.close()


@pytest.mark.parametrize("record", RECORDS.values(), ids=RECORDS)
def test_a_record_of_a_real_topic_is_the_event(kafka: str, topic: str, record: tuple[dict[str, bytes], bytes]) -> None:
    headers, value = record
    producer = Producer({"bootstrap.servers": kafka, "acks": "all"})
    producer.produce(topic, value, headers=list(headers.items()))
    assert 0 == producer.flush(30)

    (read,) = topics.everything(kafka, topic)

    assert expected() == told(binding.from_message(read.headers(), read.value()))


@pytest.mark.parametrize("mode", ["binary", "structured"])
async def test_a_sink_writes_the_record_that_the_scenario_reads(
    kafka: str, topic: str, context: SinkContext, mode: str
) -> None:
    """The same headers and data; of a structured event the order and blanks of the JSON are free."""
    headers, value = RECORDS["binary" if mode == "binary" else STRUCTURED[0]]
    config = registry.model("kafka").model_validate({"name": "copy", "type": "kafka", "topic": topic, "mode": mode})
    sink = registry.build(config, context)
    await sink.open()
    await sink.send(binding.from_message(list(headers.items()), value))
    await sink.close()

    (read,) = await asyncio.to_thread(topics.everything, kafka, topic)

    assert (headers, expected()) == (dict(read.headers()), told(binding.from_message(read.headers(), read.value())))
    assert document(value) == document(read.value())


def document(value: bytes) -> Any:
    return json.loads(value)
