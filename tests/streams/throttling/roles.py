"""The role of throttles, in the event loop of a test."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from confluent_kafka import Producer
from prometheus_client import REGISTRY

from schemas import topics as names
from schemas.config import Config
from schemas.topics import table
from streams.throttling.throttling import Throttling
from tests.streams.transport.apps import serving
from tests.support import topics

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

    from streams.transport.app import TransportApp

ROUTE = "storm"
SINK, OTHER = "functions", "audit"
PARTITIONS = 3


def configured(kafka: str, prefix: str, **throttle: Any) -> Config:
    """One throttled route to one of two sinks."""
    return Config.model_validate(
        {
            "kafka": {"bootstrap": kafka, "prefix": prefix, "replication": 1, "partitions": PARTITIONS},
            "routes": [{"name": ROUTE, "to": SINK, "throttle": throttle}],
            "sinks": {name: {"name": name, "type": "http"} for name in (SINK, OTHER)},
        }
    )


def create(config: Config) -> None:
    """The topics that the role needs."""
    for topic in table(config):
        if any(part in topic.name for part in (".throttle", ".sink.", ".dlq.router", ".events")):
            topics.create(config.kafka.bootstrap, topic.name, partitions=topic.partitions, **topic.settings)


@asynccontextmanager
async def throttling(config: Config) -> AsyncIterator[tuple[TransportApp, Throttling]]:
    """One member of the role."""
    made: list[Throttling] = []

    def declare(app: TransportApp) -> None:
        made.append(Throttling(config.kafka.prefix, app, config.routes))

    group = names.group(config.kafka.prefix, names.THROTTLE)
    async with serving(config.kafka.bootstrap, group, declare) as app:
        clock = asyncio.create_task(made[0].watch_the_clock())
        clock.add_done_callback(lambda task: None if task.cancelled() else app.fail(task.exception() or Exception()))
        try:
            yield app, made[0]
        finally:
            clock.cancel()


def send(config: Config, numbers: Iterable[int], *, groups: int, route: str = ROUTE) -> None:
    """Write events, as the router does, to the throttle of a route: number by number, group after group."""
    producer = Producer({"bootstrap.servers": config.kafka.bootstrap, "acks": "all"})
    for number in numbers:
        headers = [("ce_id", b"%d" % number), ("reflexarc_origin", b"0/%d" % number), ("reflexarc_key", b"vm")]
        topic = names.throttle(config.kafka.prefix, route)
        producer.produce(topic, b"{}", b"group-%d" % (number % groups), headers=headers)
    assert producer.flush(30) == 0


def passed(config: Config, sink: str = SINK) -> list[tuple[int, int]]:
    """Numbers of the events in a sink's topic, each with how many it stands for."""
    found = topics.everything(config.kafka.bootstrap, names.sink(config.kafka.prefix, sink))
    headers = [dict(record.headers()) for record in found]
    return sorted((int(each["ce_id"]), int(each["reflexarc_throttled"])) for each in headers)


class Held:
    """How many events of the route were held back in this process since this was made."""

    def __init__(self) -> None:
        self._before = self._total()

    def count(self) -> float:
        """Those read again count again."""
        return self._total() - self._before

    def _total(self) -> float:
        return REGISTRY.get_sample_value("reflexarc_throttled_total", {"route": ROUTE, "result": "held"}) or 0.0


def committed(config: Config) -> int:
    """How many records of the route's topic are done."""
    prefix = config.kafka.prefix
    return topics.committed_in_all(
        config.kafka.bootstrap, names.group(prefix, names.THROTTLE), names.throttle(prefix, ROUTE)
    )
