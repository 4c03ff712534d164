"""Memory of the vCenter ingest: with many vCenters that are silent, and over very many events.

The environment variable SOAK_SHARE, such as 0.1, makes the events fewer.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bench.ingest.rig import Rig
from tests.soak.pulse import Pulse, growth, thirds
from tests.support.book import Book

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.stack, pytest.mark.soak, pytest.mark.timeout(3000)]

MANY, MOST = 50, 200 << 20
IDLE = 20.0  # seconds: 80 polls of each, and the first looks at what is newest
SOURCES = 5
EVENTS = 5_000_000
FEW_EVENTS = 100_000  # of the run that shows that growth would be seen
GROWTH = 0.05
LOOK_EVERY = 0.25
STUCK_AFTER = 120.0
MUTANTS = "tests.faults.ingest.mutants"
MEBIBYTE = 1 << 20
BOOK = Book("ingest-memory", ("what", "events", "seconds", "MiB: first third", "second", "last", "most", "growth"))


def test_fifty_silent_vcenters_take_little(kafka: str, tmp_path: Path, prefix: str) -> None:
    with Rig(tmp_path / prefix, kafka, MANY, "--pages", "power") as rig:
        rig.ingest.await_ready()
        end = time.monotonic() + IDLE
        pulses = [pulse(rig)]
        while time.monotonic() < end:
            time.sleep(LOOK_EVERY)
            pulses.append(pulse(rig))
    note(f"{MANY} vCenters, idle", pulses)
    assert max(each.resident for each in pulses) <= MOST


def test_memory_stays_over_many_events(kafka: str, tmp_path: Path, prefix: str, share: float) -> None:
    assert growth(over_events(kafka, tmp_path / prefix, round(EVENTS * share))) <= GROWTH


def test_keeping_every_event_would_be_seen(kafka: str, tmp_path: Path, prefix: str) -> None:
    assert growth(over_events(kafka, tmp_path / prefix, FEW_EVENTS, "keeps-every-event")) > GROWTH


def over_events(kafka: str, folder: Path, events: int, mutant: str = "") -> list[Pulse]:
    """What was seen of a process that catches up with so many events of a few vCenters; each was on Kafka once."""
    each = events // SOURCES
    options = ("--pages", "power", "--history", str(each), "--over", "36000")
    environ = {"MUTANT": mutant}
    with Rig(folder, kafka, SOURCES, *options, module=MUTANTS, environ=environ, start_from="24h") as rig:
        pulses = list(until(rig, SOURCES * each))
        assert 0 == rig.ingest.stop()
        logins = sum(rig.canned.state(f"vc{number}")["logins"] for number in range(1, SOURCES + 1))
        assert SOURCES * each <= rig.listener.count <= SOURCES * each + 2 * logins
    note(f"catching up{f', {mutant}' if mutant else ''}", pulses)
    return pulses


def until(rig: Rig, events: int) -> Iterator[Pulse]:
    """How the process stands, again and again from its first event on until so many are on Kafka."""
    rig.until(lambda: rig.listener.count > 0)
    before, since = 0, time.monotonic()
    while rig.listener.count < events:
        found = pulse(rig)
        yield found
        if found.taken > before:
            before, since = found.taken, time.monotonic()
        assert rig.ingest.alive, rig.ingest.last_words()
        assert time.monotonic() - since < STUCK_AFTER, f"it stands still: {found}"
        time.sleep(LOOK_EVERY)


def pulse(rig: Rig) -> Pulse:
    """How the process stands now."""
    pages = int(Path(f"/proc/{rig.ingest.pid}/statm").read_text().split()[1])
    return Pulse(time.time(), pages * 4096, rig.listener.count, 0, 0, 0, 0, [])


def note(what: str, pulses: list[Pulse]) -> None:
    last = pulses[-1]
    sizes = [*thirds(pulses), max(each.resident for each in pulses)]
    mebibytes = [f"{size / MEBIBYTE:.1f}" for size in sizes]
    BOOK.add(what, f"{last.taken:,}", f"{last.at - pulses[0].at:.0f}", *mebibytes, f"{growth(pulses):.1%}")
