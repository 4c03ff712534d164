"""Memory of one worker over very many events, and over very many rebalances.

The environment variable SOAK_SHARE, such as 0.1, makes them fewer.
"""

from __future__ import annotations

import random
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from tests.soak.pulse import growth, thirds
from tests.soak.subject import Subject
from tests.soak.supply import Supply
from tests.soak.visitor import Visitor
from tests.support import topics
from tests.support.book import Book

if TYPE_CHECKING:
    from pathlib import Path

    from tests.soak.pulse import Pulse

pytestmark = [pytest.mark.stack, pytest.mark.soak, pytest.mark.timeout(3000)]

PARTITIONS = 6
EVENTS = 10_000_000
VISITS = 200
RATE = 2000.0
STAY = 0.5  # seconds, at most: of a visitor, and between two of them
FOR_EVER = 1 << 40
GROWTH = 0.05
# Of the runs that show that growth would be seen.
FEW_EVENTS, FEW_VISITS = 400_000, 20
BOOK = Book(
    "memory", ("what", "events", "rebalances", "seconds", "MiB: first third", "second", "last", "most", "growth")
)


def over_events(kafka: str, folder: Path, topic: str, events: int, mutant: str | None = None) -> list[Pulse]:
    """What a reader told from its first event to its last; each was worked on once, and committed."""
    topics.create(kafka, topic, partitions=PARTITIONS)
    supply, group = Supply(kafka, topic), f"{topic}.group"
    with (
        ThreadPoolExecutor(1) as pool,
        Subject(folder, group, bootstrap=kafka, topic=topic, mutant=mutant) as subject,
    ):
        publishing = pool.submit(supply.run, events)
        subject.until(lambda pulse: pulse.taken >= events)
        publishing.result()
        assert 0 == subject.stop()
    pulses = [each for each in subject.pulses() if each.taken]
    note(f"events{f', {mutant}' if mutant else ''}", pulses)
    assert events == pulses[-1].taken
    assert events == topics.committed_in_all(kafka, group, topic)
    return pulses


def over_visits(
    kafka: str, folder: Path, topic: str, visits: int, *, strategy: str, mutant: str | None = None
) -> list[Pulse]:
    """What a reader told from the first visit to the last, under a steady flow; all of it was committed."""
    topics.create(kafka, topic, partitions=PARTITIONS)
    supply, group, stop = Supply(kafka, topic), f"{topic}.group", threading.Event()
    visitor, chance = Visitor(kafka, group, topic, strategy), random.Random(topic)  # noqa: S311 - no secret
    with (
        ThreadPoolExecutor(1) as pool,
        Subject(folder, group, bootstrap=kafka, topic=topic, strategy=strategy, mutant=mutant) as subject,
    ):
        publishing = pool.submit(supply.run, FOR_EVER, rate=RATE, stop=stop)
        try:
            subject.until(lambda pulse: pulse.taken > 0)
            for _ in range(visits):
                assert 0 < visitor.visit(chance.uniform(0, STAY)) < PARTITIONS
                stop.wait(chance.uniform(0, STAY))
        finally:
            stop.set()
        publishing.result()
        subject.until(lambda _: supply.stored == topics.committed_in_all(kafka, group, topic))
        assert 0 == subject.stop()
    pulses = [each for each in subject.pulses() if each.taken]
    note(f"visits, {strategy}{f', {mutant}' if mutant else ''}", pulses)
    assert pulses[-1].assigned + pulses[-1].revoked >= visits
    return pulses


def test_memory_stays_over_many_events(kafka: str, tmp_path: Path, prefix: str, share: float) -> None:
    assert growth(over_events(kafka, tmp_path, prefix, round(EVENTS * share))) <= GROWTH


@pytest.mark.parametrize("strategy", ["cooperative-sticky", "range"])
def test_memory_stays_over_many_rebalances(
    kafka: str, tmp_path: Path, prefix: str, share: float, strategy: str
) -> None:
    assert growth(over_visits(kafka, tmp_path, prefix, round(VISITS * share), strategy=strategy)) <= GROWTH


def test_a_ledger_that_forgets_nothing_would_be_seen(kafka: str, tmp_path: Path, prefix: str) -> None:
    sound = over_events(kafka, tmp_path, f"{prefix}.sound", FEW_EVENTS)
    mutant = over_events(kafka, tmp_path, f"{prefix}.mutant", FEW_EVENTS, "keep-offsets")
    assert growth(mutant) > growth(sound) + GROWTH


def test_leases_that_stay_would_be_seen(kafka: str, tmp_path: Path, prefix: str) -> None:
    assert growth(over_visits(kafka, tmp_path, prefix, FEW_VISITS, strategy="range", mutant="keep-leases")) > GROWTH


def note(what: str, pulses: list[Pulse]) -> None:
    last = pulses[-1]
    sizes = [*thirds(pulses), max(each.resident for each in pulses)]
    mebibytes = [f"{size / (1 << 20):.1f}" for size in sizes]
    rebalances, seconds = last.assigned + last.revoked, last.at - pulses[0].at
    BOOK.add(what, f"{last.taken:,}", rebalances, f"{seconds:.0f}", *mebibytes, f"{growth(pulses):.1%}")
