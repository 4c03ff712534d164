"""SIGKILL of the role that counts: the counts are the generator's all the same, and the test sees when not."""

from __future__ import annotations

import time
from collections import Counter
from io import BytesIO
from typing import TYPE_CHECKING, Any, Self

import pytest
from confluent_kafka import Producer
from fastavro import schemaless_reader

from ops.demo.scene import kafka_section
from schemas.avro.schema import schema
from schemas.cloudevents import CloudEvent, kafka
from tests.support import topics
from tests.support.book import Book
from tests.support.flow import Flow, wait

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ops.dev.component import Status

pytestmark = pytest.mark.stack

KILLS = 3
MACHINES = 11
BETWEEN = 3_000
"""Events from one kill to the next."""

QUIET = 30.0
"""Seconds without a new row after which none will come: window, lateness and more."""


class Counted(Flow):
    """An events topic, and the role that counts it."""

    def __enter__(self) -> Self:
        self.scene.write_config(
            {
                "kafka": kafka_section(self.scene.stack, self.prefix),
                "sinks": {"rows": {"type": "analytics", "counts": {"window": "4s", "late": "2s"}}},
            }
        )
        self.scene.run("topics", "create")
        return self

    def generate(self, count: int, journal: Counter[tuple[str, str]]) -> None:
        """Store events that happen now, and note each by type and entity."""
        producer = Producer({"bootstrap.servers": self.bootstrap, "acks": "all", "enable.idempotence": True})
        for number in range(count):
            entity, kind = f"vc1/vm-{number % MACHINES}", ("on", "off")[number % 2]
            event = CloudEvent(
                id=f"{time.time_ns()}",
                source="/tests",
                type=kind,
                time=time.strftime("%FT%TZ", time.gmtime()),
                extensions={"vcenter": "vc1", "partitionkey": entity},
            )
            message = kafka.to_binary(event)
            producer.produce(f"{self.prefix}.events", message.value, entity, headers=list(message.headers))
            journal[kind, entity] += 1
            time.sleep(0.0005)
        assert producer.flush(30) == 0

    def rows(self) -> list[tuple[bytes, dict[str, Any]]]:
        """Every row with its key."""
        parsed = schema("count").parsed
        records = topics.everything(self.bootstrap, f"{self.prefix}.analytics.counts")
        return [
            (record.key(), schemaless_reader(BytesIO(record.value()[10:]), parsed, None))  # type: ignore[misc]
            for record in records
        ]

    def committed(self) -> int:
        return topics.committed_in_all(self.bootstrap, f"{self.prefix}.analytics", f"{self.prefix}.events")


@pytest.fixture
def flow(stack: Status, tmp_path: Path, prefix: str) -> Iterator[Counted]:
    with Counted(tmp_path, stack, prefix) as flow:
        yield flow


def sums(rows: list[tuple[bytes, dict[str, Any]]]) -> Counter[tuple[str, str]]:
    """What a subscriber adds up to."""
    found: Counter[tuple[str, str]] = Counter()
    for row in dict(rows).values():
        found[row["type"], row["entity"]] += row["count"]
    return found


def generated_and_counted(
    flow: Counted, mutant: str | None = None
) -> tuple[Counter[tuple[str, str]], list[tuple[bytes, dict[str, Any]]]]:
    """What was generated and what was told while the role was killed again and again."""
    journal: Counter[tuple[str, str]] = Counter()
    for kill in range(KILLS):
        victim = flow.start("analytics", mutant=mutant)
        wait(lambda kill=kill: flow.committed() >= kill * BETWEEN * 0.9)  # type: ignore[misc]
        flow.generate(BETWEEN, journal)
        victim.kill()
    flow.start("analytics", mutant=mutant)
    seen, since = 0, time.monotonic()
    while time.monotonic() - since < QUIET:
        rows = flow.rows()
        if sums(rows) == journal:
            break
        if len(rows) > seen:
            seen, since = len(rows), time.monotonic()
        time.sleep(0.2)
    return journal, flow.rows()


def test_a_kill_loses_no_count_and_counts_nothing_twice(flow: Counted) -> None:
    journal, rows = generated_and_counted(flow)
    book = Book("counts", ("kills", "events", "counted", "rows", "rows told twice"))
    book.add(KILLS, journal.total(), sums(rows).total(), len(rows), len(rows) - len(dict(rows)))
    assert journal == sums(rows)


def test_counts_that_are_not_stored_would_be_missed(flow: Counted) -> None:
    journal, rows = generated_and_counted(flow, "counts-stay-in-memory")
    assert sums(rows).total() < journal.total()
