from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from fastavro import schemaless_reader
from pydantic import ValidationError

from clients.kafka import admin
from clients.kafka.publisher import Publisher
from ops.dev import stack as dev
from schemas import topics as names
from schemas.avro.schema import schema
from schemas.cloudevents import CloudEvent
from schemas.config import Config, KafkaConfig
from schemas.errors import Refused, Reject, Unavailable, Unreachable
from sinks.analytics import AnalyticsConfig, AnalyticsSink
from sinks.base import SinkContext
from tests.sinks import conformance
from tests.sinks.bench import Bench, event
from tests.sinks.destination import Destination
from tests.sinks.schemas import Schemas
from tests.support import topics

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncIterator, Mapping
    from pathlib import Path

    from clients.http import Client
    from tests.sinks.conformance import Case

pytestmark = pytest.mark.stack

# Gives up soon, and looks again sooner.
IMPATIENT = {"delivery.timeout.ms": 1500, "request.timeout.ms": 1000, "reconnect.backoff.max.ms": 100}
CASES: tuple[Case, ...] = (
    conformance.delivers_an_event,
    conformance.delivers_what_is_hard_to_spell,
    conformance.delivers_two_hundred_at_once,
    conformance.is_unavailable_while_nobody_is_there,
    conformance.recovers_when_the_destination_comes_back,
    conformance.closes_without_having_been_opened,
)
OWN = ("partitionkey", "vcenter", "eventclass")


def event_of(row: Mapping[str, Any]) -> CloudEvent:
    """The event that a row was made from."""
    time = row["time"]
    data = row["binary"] if row["data"] is None else row["data"].encode()
    return CloudEvent(
        id=row["id"],
        source=row["source"],
        type=row["type"],
        subject=row["subject"],
        time=time and time.isoformat().replace("+00:00", "Z"),
        datacontenttype=row["datacontenttype"],
        dataschema=row["dataschema"],
        extensions=row["extensions"] | {name: row[name] for name in OWN if row[name] is not None},
        data=data,
    )


class AnalyticsBench(Bench):
    """The topic of rows on the real broker, which can be killed."""

    def __init__(self, http: Client, folder: Path, kafka: KafkaConfig, publisher: Publisher, state: Path) -> None:
        super().__init__(http, folder)
        self.kafka = kafka
        self.publisher = publisher
        self.topic = names.analytics(kafka.prefix)
        self.registry: dict[str, Any] | None = None
        self._state = state

    def settings(self) -> Mapping[str, Any]:
        return {"type": "analytics", "timeout": "2s", "registry": self.registry}

    def context(self) -> SinkContext:
        return SinkContext(vcenters={}, http=self.http, kafka=self.kafka, publisher=self.publisher)

    def kept(self, event: CloudEvent) -> CloudEvent:
        """Avro's timestamps have microseconds."""
        return replace(event, time=event.time and event.time.replace("913365487Z", "913365Z"))

    def values(self) -> list[bytes]:
        return [record.value() or b"" for record in topics.everything(self.kafka.bootstrap, self.topic)]

    async def delivered(self) -> list[CloudEvent]:
        mark = 10 if self.registry is None else 5
        parsed = schema("event").parsed
        values = await asyncio.to_thread(self.values)
        return [event_of(schemaless_reader(BytesIO(value[mark:]), parsed, None)) for value in values]

    async def leave(self) -> None:
        await asyncio.to_thread(dev.kill, self._state, "kafka")

    async def come_back(self, tls: ssl.SSLContext | None = None) -> None:
        assert tls is None
        await asyncio.to_thread(dev.start, self._state, "kafka")
        # Also the publisher has to find it again, which its client tries with pauses of its own.
        await asyncio.to_thread(admin.wait_for_broker, self.kafka, report=lambda _: None)
        async with asyncio.timeout(60):
            while True:
                with suppress(Unreachable):
                    await self.publisher.publish(f"{self.kafka.prefix}.back", value=b"")
                    break

    def fall_silent(self) -> None:
        raise NotImplementedError


def installation(kafka: KafkaConfig) -> Config:
    rows = AnalyticsConfig.model_validate({"name": "rows", "type": "analytics"})
    return Config(kafka=kafka, sinks={"rows": rows})


@pytest.fixture
async def bench(kafka: str, prefix: str, state: Path, client: Client, tmp_path: Path) -> AsyncIterator[AnalyticsBench]:
    config = KafkaConfig.model_validate(
        {"bootstrap": kafka, "prefix": prefix, "replication": 1, "partitions": 1, "options": IMPATIENT}
    )
    topic = next(each for each in names.table(installation(config)) if each.name == names.analytics(prefix))
    topics.create(kafka, topic.name, **topic.settings)
    topics.create(kafka, f"{prefix}.back")
    publisher = Publisher(config, client_id="test", topics=[topic])
    await publisher.start()
    bench = AnalyticsBench(client, tmp_path, config, publisher, state)
    yield bench
    await bench.come_back()  # does nothing when it is there
    await publisher.close()


@pytest.fixture
async def registered(bench: AnalyticsBench) -> AsyncIterator[AnalyticsBench]:
    async with Destination() as destination:
        destination.answer = Schemas("analyst", bench.password)
        bench.registry = {"url": destination.url, "username": "analyst", "password_file": str(bench.secret)}
        yield bench


@pytest.mark.parametrize("case", CASES)
async def test_keeps_the_contract_of_sinks(case: Case, bench: AnalyticsBench) -> None:
    await case(bench)


@pytest.mark.parametrize("case", [conformance.delivers_an_event, *conformance.BY_FEATURE["login"]])
async def test_keeps_it_with_a_registry_too(case: Case, registered: AnalyticsBench) -> None:
    await case(registered)


async def test_a_row_has_the_events_key(bench: AnalyticsBench) -> None:
    await bench.sink().send(event())
    [record] = topics.everything(bench.kafka.bootstrap, bench.topic)
    assert (b"vc1/vm-55", None) == (record.key(), record.headers())


async def test_rows_are_single_objects_without_a_registry_and_confluents_with_one(registered: AnalyticsBench) -> None:
    single, confluent = registered.sink(registry=None), registered.sink()
    await single.send(event(1))
    await confluent.send(event(2))
    first, second = registered.values()
    assert (b"\xc3\x01" + schema("event").fingerprint, b"\0\0\0\0\x01") == (first[:10], second[:5])


async def test_a_batch_keeps_its_order_and_one_that_is_too_large_harms_nobody_else(bench: AnalyticsBench) -> None:
    sink = bench.sink()
    assert isinstance(sink, AnalyticsSink)
    large = event(2, data=b"x" * 3_000_000)

    outcomes = await sink.send_batch([event(1), large, event(3)])

    assert [None, Reject, None] == [each and type(each) for each in outcomes]
    assert [bench.kept(event(1)), bench.kept(event(3))] == await bench.delivered()
    with pytest.raises(Reject):
        await sink.send(large)


async def test_a_registry_that_is_away_or_refuses_is_an_outage_of_the_sink(registered: AnalyticsBench) -> None:
    registered.keep_secret("wrong-horse")
    with pytest.raises(Unavailable, match="answered 401"):
        await registered.sink().send(event())
    assert registered.registry is not None
    gone = registered.sink(registry={"url": "http://127.0.0.1:1"})
    with pytest.raises(Unavailable):
        await gone.open()


@pytest.mark.parametrize(
    ("counts", "what"),
    [
        ({"window": "500ms"}, "whole number of seconds"),
        ({"window": "2d"}, "1d"),
        ({"window": "1m", "late": "2d"}, "a day"),
    ],
)
def test_windows_are_whole_seconds_up_to_a_day(counts: dict[str, str], what: str) -> None:
    with pytest.raises(ValidationError, match=what):
        AnalyticsConfig.model_validate({"name": "a", "type": "analytics", "counts": counts})


def test_without_brokers_it_says_so(client: Client) -> None:
    config = AnalyticsConfig.model_validate({"name": "a", "type": "analytics"})
    with pytest.raises(Refused, match="needs the brokers"):
        AnalyticsSink(config, SinkContext(vcenters={}, http=client))
