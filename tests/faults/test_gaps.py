"""Offsets that no reader ever gets: control records, aborted records, and what compaction took away."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest
from confluent_kafka.admin import AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource, ResourceType

from tests.faults.crew import Crew, Setting
from tests.faults.event import Event
from tests.faults.experiment import PARTITIONS, Experiment, distance, settle
from tests.faults.generator import Generator
from tests.faults.plan import Step
from tests.faults.tally import Sent, tally
from tests.support import topics
from tests.support.flow import wait

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future
    from pathlib import Path

    from tests.faults.experiment import Outcome

pytestmark = pytest.mark.stack

COMPACTED = {
    "cleanup.policy": "compact",
    "min.cleanable.dirty.ratio": "0.01",
    "segment.ms": "100",
}
ROUNDS, EVENTS = 3, 1500


def test_transactions_are_read_to_their_end_and_aborted_records_never(
    perform: Callable[[Experiment], Future[Outcome]],
) -> None:
    outcome = perform(
        Experiment(
            name="transactions, join, SIGKILL",
            plan="0 start w1, 1 start w2, 4 SIGKILL w1",
            events=2400,
            rate=400.0,
            transactional=True,
        )
    ).result()
    assert 2400 * 9 // 10 == outcome.tally.sent
    assert (0, 0, 0) == (outcome.tally.lost, outcome.tally.out_of_order, outcome.tally.aborted_seen)
    assert all(outcome.in_flight)
    assert {} == outcome.uncommitted


def test_a_compacted_topic_is_read_to_its_end(kafka: str, state: Path, tmp_path: Path, prefix: str) -> None:
    clean_soon(kafka)
    topics.create(kafka, prefix, partitions=PARTITIONS, **COMPACTED)
    for number in range(ROUNDS):
        Generator(kafka, prefix, tmp_path / f"sent-{number}", events=EVENTS).run(threading.Event())
        time.sleep(0.2)  # so that the next round begins a segment and this one may be compacted
    wait(lambda: len(topics.everything(kafka, prefix)) < ROUNDS * EVENTS * 0.6)
    with Crew(tmp_path, kafka, prefix, Setting(), state) as crew:
        crew.start("w1")
        wait(lambda: len(crew.deliveries()) > 200)
        crew.act(Step(0, "SIGKILL", "w1"))
        crew.start("w2")
        left = remaining(kafka, prefix)
        settle(crew, left, kafka, prefix, quiet=20.0)
        crew.finish()
        found = tally(remaining(kafka, prefix), (), crew.deliveries())
        assert 0 == found.lost
        assert {} == distance(kafka, crew.group, prefix, left)


def clean_soon(bootstrap: str) -> None:
    """Have the broker look for something to compact every half a second, not every 15."""
    broker = ConfigResource(ResourceType.BROKER, "1")
    broker.add_incremental_config(
        ConfigEntry("log.cleaner.backoff.ms", "500", incremental_operation=AlterConfigOpType.SET)
    )
    admin = AdminClient({"bootstrap.servers": bootstrap})
    admin.incremental_alter_configs([broker])[broker].result(30)


def remaining(bootstrap: str, topic: str) -> dict[int, Sent]:
    """What the log has kept."""
    events = [(Event.of(record.value()), record) for record in topics.everything(bootstrap, topic)]
    return {event.seq: Sent(event.key, record.partition(), record.offset(), 0.0) for event, record in events}
