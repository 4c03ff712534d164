"""The role on a real broker: what it tells, and what becomes of its counts when members come and go."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import asynccontextmanager
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from confluent_kafka import Producer
from fastavro import schemaless_reader

from schemas import topics as names
from schemas.avro.encoding import Encoding
from schemas.avro.schema import schema
from schemas.config import Config
from schemas.topics import table
from sinks.analytics import AnalyticsConfig, CountsConfig
from streams.analytics.counting import Counting
from tests.streams.analytics.records import record
from tests.streams.transport.apps import serving, until
from tests.support import topics

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

    from streams.transport.app import TransportApp

pytestmark = pytest.mark.stack

MACHINES = 9
PARTITIONS = 3


def configured(kafka: str, prefix: str, counts: CountsConfig) -> Config:
    rows = AnalyticsConfig(name="rows", counts=counts)
    section = {"bootstrap": kafka, "prefix": prefix, "replication": 1, "partitions": PARTITIONS}
    return Config.model_validate({"kafka": section, "sinks": {"rows": rows}})


def create(config: Config) -> None:
    for topic in table(config):
        if topic.name.endswith((".events", ".counts", "-counts-changelog")):
            topics.create(config.kafka.bootstrap, topic.name, partitions=topic.partitions, **topic.settings)


@asynccontextmanager
async def counting(config: Config, counts: CountsConfig) -> AsyncIterator[TransportApp]:
    """One member of the role."""
    made: list[Counting] = []

    def declare(app: TransportApp) -> None:
        made.append(Counting(config.kafka.prefix, app, counts, Encoding(schema("count"))))

    group = names.group(config.kafka.prefix, names.ANALYTICS)
    async with serving(config.kafka.bootstrap, group, declare) as app:
        clock = asyncio.create_task(made[0].watch_the_clock())
        clock.add_done_callback(lambda task: None if task.cancelled() else app.fail(task.exception() or Exception()))
        try:
            yield app
        finally:
            clock.cancel()


def send(config: Config, numbers: Iterable[int]) -> None:
    """Store events of one window, machine after machine."""
    producer = Producer({"bootstrap.servers": config.kafka.bootstrap, "partitioner": "murmur2_random"})
    for number in numbers:
        each = record(number, 1, key=f"vc1/vm-{number % MACHINES}")
        producer.produce(names.events(config.kafka.prefix), each.value, each.key, headers=list(each.headers))
    assert producer.flush(30) == 0


def told(config: Config) -> Counter[str]:
    """What subscribers add up to, by entity."""
    records = topics.everything(config.kafka.bootstrap, names.counts(config.kafka.prefix))
    latest = {each.key(): each.value()[10:] for each in records}
    sums: Counter[str] = Counter()
    for value in latest.values():
        row: dict[str, int | str] = schemaless_reader(BytesIO(value), schema("count").parsed, None)  # type: ignore[assignment]
        sums[str(row["entity"])] += int(row["count"])
    return sums


def committed(config: Config) -> int:
    prefix = config.kafka.prefix
    return topics.committed_in_all(config.kafka.bootstrap, names.group(prefix, names.ANALYTICS), names.events(prefix))


def expected(count: int) -> Counter[str]:
    return Counter(f"vc1/vm-{number % MACHINES}" for number in range(count))


async def test_a_window_is_told_once_nothing_is_added_and_then_all_is_done(kafka: str, prefix: str) -> None:
    counts = CountsConfig(window=2.0, late=1.0)
    config = configured(kafka, prefix, counts)
    create(config)
    async with counting(config, counts):
        send(config, range(100))
        await until(lambda: told(config) == expected(100))
        await until(lambda: committed(config) == 100)


async def test_what_is_open_moves_with_its_partition_and_is_told_by_who_has_it_then(kafka: str, prefix: str) -> None:
    counts = CountsConfig(window=6.0, late=0.0)
    config = configured(kafka, prefix, counts)
    create(config)
    async with counting(config, counts):
        send(config, range(60))
        await until(lambda: committed(config) >= 60 - PARTITIONS)
        async with counting(config, counts) as second:
            await until(lambda: 0 < len(second.consumer.assignment()) < PARTITIONS)
            send(config, range(60, 100))
            await until(lambda: told(config) == expected(100))


async def test_a_restart_tells_what_was_open_although_nothing_new_comes(kafka: str, prefix: str) -> None:
    hours, seconds = CountsConfig(window=3600.0), CountsConfig(window=2.0, late=0.0)
    config = configured(kafka, prefix, hours)
    create(config)
    send(config, range(60))
    async with counting(config, hours):
        await until(lambda: committed(config) == 60 - PARTITIONS)
    before = told(config)
    async with counting(config, seconds):
        await until(lambda: told(config) == expected(60))
        await until(lambda: committed(config) == 60)
    assert Counter() == before
