"""Several routers that share the partitions, before the first event is there."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from confluent_kafka.admin import AdminClient

from bench.drain import Drain, watch
from bench.router.rig import WITHIN, Rig
from bench.router.scenario import Scenario, by_subject, names
from bench.transport import load
from clients.kafka import options
from schemas import topics
from schemas.errors import ReflexarcError

if TYPE_CHECKING:
    from pathlib import Path

    from schemas.config import KafkaConfig

PARTITIONS = 12
SETTLED_WITHIN = 60.0
LOOK = 0.2


def share(folder: Path, bootstrap: str, prefix: str, *, processes: int, events: int) -> Drain:
    """CPU and time of so many routers over so many events, which all come at once.

    Raises:
        ReflexarcError: they do not come to share the partitions.
    """
    scenario = Scenario(f"{processes} processes", by_subject(100))
    with (
        Rig(folder, bootstrap, prefix, partitions=PARTITIONS) as rig,
        rig.routing(scenario, processes) as (grown, them),
    ):
        for router in them:
            router.await_ready()
        kafka = rig.config.kafka
        _settle(kafka, processes)
        load.fill_at_once(kafka, rig.source, events, subjects=names(scenario.subjects))
        return watch(grown, *(router.pid for router in them), target=events, within=WITHIN)


def _settle(kafka: KafkaConfig, processes: int) -> None:
    """Wait until each holds as many partitions as every other one."""
    client, group = AdminClient(options.client(kafka, client_id="bench")), topics.group(kafka.prefix, topics.ROUTER)
    deadline = time.monotonic() + SETTLED_WITHIN
    while True:
        members = client.describe_consumer_groups([group])[group].result(SETTLED_WITHIN).members
        held = [len(member.assignment.topic_partitions) for member in members if member.assignment]
        if held == [PARTITIONS // processes] * processes:
            return
        if time.monotonic() > deadline:
            raise ReflexarcError(f"{processes} routers hold {held} partitions after {SETTLED_WITHIN:.0f} s")
        time.sleep(LOOK)
