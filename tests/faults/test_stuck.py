"""Deliveries that never end: what is behind them is not taken for done, and does not pile up."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING

import pytest

from streams.transport.held import FULL_SPAN, OVERFULL
from streams.transport.intake import CHUNK_RECORDS
from tests.faults import generator
from tests.faults.crew import Crew, Setting
from tests.faults.experiment import PARTITIONS, distance, missing, settle
from tests.faults.generator import Generator
from tests.faults.plan import Step
from tests.faults.tally import tally
from tests.support import topics
from tests.support.flow import wait

if TYPE_CHECKING:
    from pathlib import Path

    from tests.faults.tally import Sent

pytestmark = pytest.mark.stack

EVENTS = 2000
BACKLOG = 150_000
STOPPED = Setting(stop_after=1000, in_flight=50)
# What the transport takes of a partition of small records at most; a chunk may be under way.
HELD = PARTITIONS * (OVERFULL * FULL_SPAN + CHUNK_RECORDS)
STEADY = 12  # status lines: three seconds
GROWTH = 24 << 20


def publish(kafka: str, topic: str, folder: Path, *, events: int, partitions: int = PARTITIONS) -> dict[int, Sent]:
    topics.create(kafka, topic, partitions=partitions)
    journal = folder / "sent"
    Generator(kafka, topic, journal, events=events).run(threading.Event())
    return generator.committed(journal)


def lost_behind_a_stuck_head(kafka: str, state: Path, folder: Path, topic: str, mutant: str | None = None) -> int:
    """The first delivery of either partition hangs, all other keys are delivered, then the worker is killed."""
    sent = publish(kafka, topic, folder, events=EVENTS, partitions=2)
    heads = {seq: record for seq, record in sent.items() if record.offset == 0}
    stuck = sum(record.key in {head.key for head in heads.values()} for record in sent.values())
    setting = Setting(hang={"w1": tuple(heads)}, mutant=mutant)
    with Crew(folder, kafka, topic, setting, state) as crew:
        crew.start("w1")
        wait(lambda: missing(crew, sent) == stuck)
        crew.act(Step(0, "SIGKILL", "w1"))
        crew.start("w2")
        settle(crew, sent, kafka, topic, quiet=20.0)
        crew.finish()
        found = tally(sent, (), crew.deliveries())
        assert 0 == found.out_of_order
        assert {} == distance(kafka, crew.group, topic, sent)
        return found.lost


def test_nothing_behind_a_stuck_delivery_is_taken_for_done(
    kafka: str, state: Path, tmp_path: Path, prefix: str
) -> None:
    assert 0 == lost_behind_a_stuck_head(kafka, state, tmp_path, prefix)


def test_committing_past_a_stuck_delivery_would_be_seen(kafka: str, state: Path, tmp_path: Path, prefix: str) -> None:
    assert lost_behind_a_stuck_head(kafka, state, tmp_path, prefix, "commit-last-plus-one") > 0


def test_a_sink_that_stops_makes_fetching_stop_and_memory_stay(
    kafka: str, state: Path, tmp_path: Path, prefix: str
) -> None:
    sent = publish(kafka, prefix, tmp_path, events=BACKLOG)
    with Crew(tmp_path, kafka, prefix, STOPPED, state) as crew:
        crew.start("w1")

        def steady() -> bool:
            taken = [line["taken"] for line in crew.status("w1")][-STEADY:]
            return len(taken) == STEADY and 0 < taken[0] == taken[-1]

        wait(steady)
        status = crew.status("w1")
        (end,) = crew.finish()
        delivered = len(crew.deliveries())
    grown = status[-1]["resident"] - status[-STEADY]["resident"]
    sys.stderr.write(f"stopped sink: {status[-1]}, {grown} bytes more than 3 s before\n")
    assert STOPPED.stop_after < status[-1]["taken"] <= HELD + STOPPED.stop_after < len(sent)
    assert STOPPED.in_flight == max(line["running"] for line in status)
    assert grown < GROWTH
    assert delivered <= STOPPED.stop_after
    assert 0 == end.code
