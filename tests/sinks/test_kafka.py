from __future__ import annotations

import asyncio
import os
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from confluent_kafka import KafkaError
from pydantic import ValidationError

from clients.kafka.errors import Connection, explain
from clients.kafka.publisher import Publisher
from ops.demo.child import free_port
from schemas.cloudevents import kafka as binding
from schemas.config import KafkaConfig, Scope
from schemas.errors import Refused, Reject, Retry, Unavailable
from sinks.base import SinkContext
from sinks.kafka import KafkaSink, KafkaSinkConfig, owned
from tests.sinks.bench import Bench, event
from tests.sinks.conformance import REMOTE, Case, cases, recovers_when_the_destination_comes_back
from tests.support import topics

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncIterator, Iterator, Mapping
    from pathlib import Path

    from clients.http import Client
    from schemas.cloudevents import CloudEvent


class KafkaBench(Bench):
    """A topic of the real broker, as one of another cluster."""

    def __init__(self, http: Client, folder: Path, bootstrap: str, topic: str) -> None:
        super().__init__(http, folder)
        self.bootstrap, self.there = bootstrap, bootstrap
        self.topic = topic

    def settings(self) -> Mapping[str, Any]:
        return {"type": "kafka", "topic": self.topic, "kafka": {"bootstrap": self.there}, "timeout": "10s"}

    async def delivered(self) -> list[CloudEvent]:
        records = await asyncio.to_thread(topics.everything, self.bootstrap, self.topic)
        return [binding.from_message(record.headers(), record.value()) for record in records]

    async def leave(self) -> None:
        self.there = f"127.0.0.1:{free_port()}"

    async def come_back(self, tls: ssl.SSLContext | None = None) -> None:
        raise NotImplementedError

    def fall_silent(self) -> None:
        raise NotImplementedError


@pytest.fixture
def topic(kafka: str) -> Iterator[str]:
    name = f"archive.{uuid.uuid4().hex}"
    topics.create(kafka, name)
    yield name
    topics.delete(kafka, name)


@pytest.fixture
def bench(client: Client, tmp_path: Path, kafka: str, topic: str) -> KafkaBench:
    return KafkaBench(client, tmp_path, kafka, topic)


@pytest.fixture
async def context(kafka: str, prefix: str) -> AsyncIterator[SinkContext]:
    config = KafkaConfig(bootstrap=kafka, prefix=prefix, replication=1)
    publisher = Publisher(config, client_id="test")
    await publisher.start()
    yield SinkContext(vcenters={}, kafka=config, publisher=publisher)
    await publisher.close()


def configured(**fields: Any) -> KafkaSinkConfig:
    return KafkaSinkConfig.model_validate({"name": "archive", **fields})


STAND_IN = KafkaConfig(bootstrap="127.0.0.1:1", options={"test.mock.num.brokers": "1"})
NOT_HERE = (*REMOTE, recovers_when_the_destination_comes_back)  # librdkafka itself waits for a broker that is away


@pytest.mark.stack
@pytest.mark.parametrize("case", cases(without=NOT_HERE))
async def test_keeps_the_contract_of_sinks(case: Case, bench: KafkaBench) -> None:
    await case(bench)


@pytest.mark.stack
async def test_a_record_has_the_headers_of_the_event_and_its_key(context: SinkContext, bench: KafkaBench) -> None:
    sink = KafkaSink(configured(topic=bench.topic), context)
    await sink.open()

    await sink.send(event())
    await sink.send(event(2, extensions={}))

    one, two = await asyncio.to_thread(topics.everything, bench.bootstrap, bench.topic)
    assert binding.to_binary(event()) == (tuple(one.headers() or ()), one.value())
    assert (b"vc1/vm-55", b"https://vc1.example/sdk") == (one.key(), two.key())
    await sink.close()


@pytest.mark.stack
async def test_a_structured_record_is_the_whole_event(context: SinkContext, bench: KafkaBench) -> None:
    sink = KafkaSink(configured(topic=bench.topic, mode="structured"), context)
    await sink.open()

    await sink.send(event())

    [record] = await asyncio.to_thread(topics.everything, bench.bootstrap, bench.topic)
    assert binding.to_structured(event()) == (tuple(record.headers() or ()), record.value())
    await sink.close()


@pytest.mark.stack
async def test_an_event_may_name_its_topic(context: SinkContext, bench: KafkaBench) -> None:
    start, _, end = bench.topic.partition(".")
    sink = KafkaSink(configured(topic=start + ".{site:nowhere}"), context)
    await sink.open()

    await sink.send(event(1, extensions={"site": end}))
    with pytest.raises(Retry, match=r"no topic archive\.nowhere"):
        await sink.send(event(2))
    for wrong in ("a b", "x" * 250):
        with pytest.raises(Reject, match="no topic can be called"):
            await sink.send(event(3, extensions={"site": wrong}))

    assert [event(1, extensions={"site": end})] == await bench.delivered()
    await sink.close()


@pytest.mark.stack
async def test_a_topic_that_is_not_there_makes_the_sink_unavailable(context: SinkContext) -> None:
    sink = KafkaSink(configured(topic="archive.nowhere"), context)

    with pytest.raises(Unavailable, match=r"no topic archive\.nowhere"):
        await sink.open()

    await sink.close()


@pytest.mark.stack
async def test_a_record_that_the_topic_does_not_take_ends_among_the_dead_letters(
    context: SinkContext, kafka: str, prefix: str
) -> None:
    name = f"archive.{prefix}"
    topics.create(kafka, name, **{"max.message.bytes": "5000"})
    sink = KafkaSink(configured(topic=name), context)
    await sink.open()

    with pytest.raises(Retry, match="publish to"):
        await sink.send(event(data=os.urandom(20_000), datacontenttype="application/octet-stream"))

    await sink.send(event())
    assert 1 == len(await asyncio.to_thread(topics.everything, kafka, name))
    await sink.close()
    topics.delete(kafka, name)


async def test_no_event_leads_into_a_topic_of_ours() -> None:
    ours = KafkaConfig(bootstrap="127.0.0.1:1", prefix="site-a")
    sink = KafkaSink(
        configured(topic="{subject}"), SinkContext(vcenters={}, kafka=ours, publisher=Publisher(ours, client_id="t"))
    )

    for subject in ("site-a.events", "__consumer_offsets"):
        with pytest.raises(Reject, match="a topic of reflexarc itself"):
            await sink.send(event(subject=subject))


class Guarded(Publisher):
    """A cluster that lets us write to no topic; the one inside librdkafka has no permissions."""

    async def publish(self, *_: Any, **__: Any) -> Any:
        raise explain(
            KafkaError(KafkaError.TOPIC_AUTHORIZATION_FAILED),
            doing="publish",
            config=STAND_IN,
            connection=Connection(),
        )


@pytest.mark.parametrize(("topic", "outcome"), [("{subject}", Retry), ("archive", Unavailable)])
async def test_a_topic_that_is_not_for_us_is_a_fault_of_the_event_only_if_that_has_named_it(
    topic: str, outcome: type[Exception]
) -> None:
    publisher = Guarded(STAND_IN, client_id="t")
    sink = KafkaSink(configured(topic=topic), SinkContext(vcenters={}, kafka=STAND_IN, publisher=publisher))
    await sink.open()

    with pytest.raises(outcome, match="cannot publish"):
        await sink.send(event())

    await sink.close()


@pytest.mark.stack
async def test_another_producer_takes_the_place_of_one_that_has_failed(
    bench: KafkaBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: Publisher) -> None:
        raise RuntimeError("as told")

    sink = bench.sink()
    await sink.open()
    with monkeypatch.context() as failing:
        failing.setattr(Publisher, "_poll", fail)
        with pytest.raises(Unavailable, match="the publisher has failed"):
            await sink.send(event(1))

    await sink.open()
    await sink.send(event(2))

    assert event(2) in await bench.delivered()
    await sink.close()


@pytest.mark.stack
async def test_our_own_cluster_under_another_address_is_told_by_its_id(
    context: SinkContext, kafka: str, prefix: str, bench: KafkaBench
) -> None:
    elsewhere = {"bootstrap": kafka.replace("127.0.0.1", "localhost")}
    assert elsewhere["bootstrap"] != kafka
    fixed = KafkaSink(configured(topic=f"{prefix}.events", kafka=elsewhere), context)
    varying = KafkaSink(configured(topic="{subject}", kafka=elsewhere), context)
    harmless = KafkaSink(configured(topic=bench.topic, kafka=elsewhere), context)

    with pytest.raises(Refused, match=f"is the cluster of the events, where {prefix}.events is a topic of reflexarc"):
        await fixed.open()
    await varying.open()
    with pytest.raises(Reject, match="a topic of reflexarc itself"):
        await varying.send(event(subject=f"{prefix}.events"))
    await harmless.open()
    await harmless.send(event())

    assert [event()] == await bench.delivered()
    for sink in (fixed, varying, harmless):
        await sink.close()


@pytest.mark.stack
async def test_a_topic_of_our_prefix_in_another_cluster_is_not_ours(kafka: str, bench: KafkaBench) -> None:
    ours = STAND_IN.model_copy(update={"prefix": "archive"})
    sink = KafkaSink(configured(topic=bench.topic, kafka={"bootstrap": kafka}), SinkContext(vcenters={}, kafka=ours))
    assert owned(bench.topic, ours.prefix)

    await sink.open()
    await sink.send(event())

    assert [event()] == await bench.delivered()
    await sink.close()


async def test_without_kafka_a_person_is_needed() -> None:
    sink = KafkaSink(configured(topic="archive"), SinkContext(vcenters={}))

    with pytest.raises(Refused, match="no Kafka"):
        await sink.open()
    with pytest.raises(Unavailable, match="not connected"):
        await sink.send(event())
    await sink.close()


async def test_an_option_that_librdkafka_does_not_know_needs_a_person() -> None:
    elsewhere = {"bootstrap": "127.0.0.1:1", "options": {"no.such.option": 1}}
    sink = KafkaSink(configured(topic="archive", kafka=elsewhere), SinkContext(vcenters={}))

    with pytest.raises(Refused, match=r"no\.such\.option"):
        await sink.open()
    await sink.close()


OURS = {"bootstrap": "one:9092, two:9092", "prefix": "site-a"}


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"topic": "a b"}, "is no name of a topic"),
        ({"topic": "x" * 250}, "is no name of a topic"),
        ({"topic": "{Subject}"}, "unknown field"),
        ({"topic": "site-a.events"}, "begins with site-a"),
        ({"topic": "site-a.{subject}"}, "begins with site-a"),
        ({"topic": "__consumer_offsets"}, "begins with site-a. or __"),
        ({"topic": "site-a.events", "kafka": {"bootstrap": "two:9092"}}, "begins with site-a"),
        ({"kafka": {"bootstrap": "three:9092", "prefix": "x"}}, "Extra inputs|prefix"),
    ],
)
def test_a_wrong_configuration_says_what_is_wrong(fields: dict[str, object], what: str) -> None:
    with pytest.raises(ValidationError, match=what):
        KafkaSinkConfig.model_validate({"name": "s", "topic": "t", **fields}, context=Scope(kafka=OURS))


def test_another_cluster_may_have_topics_of_our_prefix() -> None:
    given = {"name": "s", "topic": "site-a.events", "kafka": {"bootstrap": "three:9092"}}

    config = KafkaSinkConfig.model_validate(given, context=Scope(kafka=OURS))

    assert "site-a.events" == config.topic
