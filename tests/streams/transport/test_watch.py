from __future__ import annotations

import logging
from typing import Any

import orjson
import pytest
from faust.types import TP

from streams.transport import held, watch
from streams.transport.health import Health
from streams.transport.held import Start
from streams.transport.holdings import Holdings
from streams.transport.ledger import Run
from streams.transport.record import Record
from streams.transport.watch import Watch
from tests.streams.transport.model import Loop

PARTITION = TP("t", 0)


class Watched:
    """One partition, and a clock of its own."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        for module in (held, watch):
            monkeypatch.setattr(module, "monotonic", lambda: self.now)
        loop: Any = Loop()
        self.holdings, self.health = Holdings(loop), Health()
        self.holdings.take({PARTITION: Start(0)})
        self.watch = Watch(self.holdings, self.health)

    def deliver(self, *offsets: int) -> None:
        self.holdings.gather([Record("t", 0, offset, 0, None, b"x", ()) for offset in offsets])
        self.holdings.hand_over()

    def done(self, offset: int) -> None:
        self.holdings[PARTITION].lease.done(offset)
        self.holdings.book()

    def pass_by(self, seconds: float) -> None:
        self.now += seconds
        self.watch.look()

    def statistics(self, *, fetched: int, end: int, state: str = "active") -> None:
        partition = {"fetch_state": state, "next_offset": fetched, "ls_offset": end}
        self.watch.statistics(orjson.dumps({"topics": {"t": {"partitions": {"0": partition}}}}).decode())


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> Watched:
    return Watched(monkeypatch)


def test_an_event_that_holds_up_its_partition_is_named_once(watched: Watched, caplog: pytest.LogCaptureFixture) -> None:
    watched.deliver(5, 6, 7)
    watched.done(6)
    for _ in range(3):
        watched.pass_by(20)
    assert ["t/0: the event at offset 5 is unfinished for over 30 s, and 2 wait for it to be committed"] == [
        record.message for record in caplog.records
    ]
    assert (True, 5) == (watched.holdings[PARTITION].stalled, watched.holdings[PARTITION].oldest)
    with caplog.at_level(logging.INFO):
        watched.done(5)
        watched.pass_by(2)
    assert "t/0: goes on" == caplog.records[-1].message
    assert [] == watched.health.problems()


def test_what_is_left_unfinished_on_purpose_does_not_stall_its_partition(watched: Watched) -> None:
    watched.holdings[PARTITION].lease.patience = 60.0
    watched.deliver(5)
    watched.pass_by(59)
    patient = watched.holdings[PARTITION].stalled
    watched.pass_by(2)
    assert (False, True) == (patient, watched.holdings[PARTITION].stalled)


def test_a_partition_without_events_does_not_stall(watched: Watched, caplog: pytest.LogCaptureFixture) -> None:
    watched.pass_by(100)
    watched.deliver(1)
    watched.pass_by(20)
    assert ([], False) == (caplog.records, watched.holdings[PARTITION].stalled)


def test_a_partition_that_nobody_reads_is_a_problem_until_it_is_read(watched: Watched) -> None:
    watched.statistics(fetched=10, end=50)
    watched.now += 31
    watched.statistics(fetched=10, end=50)
    assert ["t/0 has records up to 49, but none is read from 10 on"] == watched.health.problems()
    watched.statistics(fetched=11, end=50)
    assert [] == watched.health.problems()


@pytest.mark.parametrize("case", ["read to its end", "paused"])
def test_what_is_not_read_for_a_reason_is_no_problem(watched: Watched, case: str) -> None:
    watched.holdings[PARTITION].paused = case == "paused"
    end = 10 if case == "read to its end" else 50
    for _ in range(2):
        watched.statistics(fetched=10, end=end)
        watched.now += 40
    assert [] == watched.health.problems()


def test_a_loss_stays_a_problem_and_an_unread_partition_leaves_with_its_owner(watched: Watched) -> None:
    watched.watch.lost(PARTITION, Run(3, 9))
    watched.statistics(fetched=10, end=50)
    watched.now += 31
    watched.statistics(fetched=10, end=50)
    watched.watch.forget([PARTITION])
    assert ["t/0 has lost records 3 to 9: deleted unread"] == watched.health.problems()
