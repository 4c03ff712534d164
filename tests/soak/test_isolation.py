"""A topic whose sink is stopped, beside one that flows, in the same worker: what it costs in memory and lateness."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.soak.pulse import growth, p50, p99, thirds
from tests.soak.subject import Subject
from tests.soak.supply import HEADERS, Supply
from tests.support import topics
from tests.support.book import Book

if TYPE_CHECKING:
    from pathlib import Path

    from tests.soak.pulse import Pulse

pytestmark = [pytest.mark.stack, pytest.mark.timeout(1800)]

PARTITIONS = 6
RATE = 1000
PADDING = 1200
RESIDENT = 150_000_000
GROWTH = 0.05
BOOK = Book(
    "isolation",
    (
        "waiting",
        "seconds",
        "MiB: first third",
        "second",
        "last",
        "most",
        "pauses",
        "p50 in ms",
        "p99",
        "times alone's p99",
    ),
)


class Size(NamedTuple):
    """Records that wait for the stopped sink; seconds to settle, then to be looked at; rounds."""

    waiting: int
    settling: int
    seconds: int
    rounds: int


SHORT = Size(60_000, 3, 6, 1)
LONG = Size(1_000_000, 20, 60, 2)
BOTH = pytest.mark.parametrize(
    "size", [pytest.param(SHORT, id="short"), pytest.param(LONG, id="long", marks=pytest.mark.soak)]
)


class Laboratory:
    """Runs a reader on a flowing topic of its own, alone or beside the topic whose records wait."""

    def __init__(self, folder: Path, kafka: str, prefix: str, size: Size) -> None:
        self.stopped = f"{prefix}.stopped"
        self._folder = folder
        self._kafka = kafka
        self._prefix = prefix
        self._size = size
        self._runs = 0
        topics.create(kafka, self.stopped, partitions=PARTITIONS)
        Supply(kafka, self.stopped, padding=PADDING, headers=HEADERS).run(size.waiting)

    def run(self, *, beside: bool, mutant: str | None = None) -> list[Pulse]:
        """What the reader told after it had settled; everything that flowed was worked on, and nothing that waited."""
        self._runs += 1
        topic = f"{self._prefix}.flowing{self._runs}"
        topics.create(self._kafka, topic, partitions=PARTITIONS)
        supply = Supply(self._kafka, topic)
        stopped = self.stopped if beside else None
        with (
            ThreadPoolExecutor(1) as pool,
            Subject(
                self._folder,
                f"{topic}.group",
                bootstrap=self._kafka,
                topic=topic,
                stopped=stopped,
                mutant=mutant,
                late=True,
            ) as subject,
        ):
            subject.until(lambda pulse: pulse.assigned > 0)
            began = subject.last().at
            events = RATE * (self._size.settling + self._size.seconds)
            publishing = pool.submit(supply.run, events, rate=RATE)
            subject.until(lambda pulse: pulse.taken == events)
            publishing.result()
            assert 0 == subject.stop()
        assert 0 == topics.committed_in_all(self._kafka, f"{topic}.group", self.stopped)
        return [each for each in subject.pulses() if 0 < each.at - began - self._size.settling < self._size.seconds]


@BOTH
def test_what_waits_for_a_stopped_sink_costs_bounded_memory(
    kafka: str, tmp_path: Path, prefix: str, size: Size
) -> None:
    laboratory = Laboratory(tmp_path, kafka, prefix, size)
    runs = []
    for number in range(size.rounds):
        # In turn, as what comes first is disturbed by what the broker does with a million new records.
        order = (True, False) if number % 2 else (False, True)
        told = {beside: laboratory.run(beside=beside) for beside in order}
        note("none", told[False], 1.0)
        note(f"{size.waiting:,}", told[True], p99(told[True]) / p99(told[False]))
        runs.append(told[True])
    assert max(each.resident for beside in runs for each in beside) <= RESIDENT
    assert max(map(growth, runs)) <= GROWTH


def test_fetching_on_and_on_would_be_seen_in_memory(kafka: str, tmp_path: Path, prefix: str) -> None:
    pulses = Laboratory(tmp_path, kafka, prefix, SHORT).run(beside=True, mutant="never-pause")
    note(f"{SHORT.waiting:,}, never paused", pulses, 1.0)
    assert max(each.resident for each in pulses) > RESIDENT


def note(waiting: str, pulses: list[Pulse], times: float) -> None:
    sizes = [*thirds(pulses), max(each.resident for each in pulses)]
    seconds, (typical, late) = pulses[-1].at - pulses[0].at, (1000 * late for late in (p50(pulses), p99(pulses)))
    mebibytes = [f"{size / (1 << 20):.1f}" for size in sizes]
    BOOK.add(waiting, f"{seconds:.0f}", *mebibytes, pulses[-1].pauses, f"{typical:.1f}", f"{late:.1f}", f"{times:.2f}")
