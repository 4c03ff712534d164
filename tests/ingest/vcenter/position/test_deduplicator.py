from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from ingest.vcenter.instant import instant
from ingest.vcenter.position import deduplicator as module
from ingest.vcenter.position.checkpoint import Checkpoint
from ingest.vcenter.position.deduplicator import Deduplicator
from tests.ingest.vcenter.events import START, at, event

if TYPE_CHECKING:
    from datetime import datetime

    import pytest

    from ingest.vcenter import VcenterEvent

TOP, BOTTOM = 2**31 - 1, -(2**31)
LATE = 30.0  # seconds; half of the look-back


def fresh() -> Deduplicator:
    return Deduplicator(Checkpoint.first("vc1", "4c", START))


def restarted(deduplicator: Deduplicator) -> Deduplicator:
    return Deduplicator(Checkpoint.loads(deduplicator.checkpoint().dumps()))


@dataclass
class Model:
    """A vCenter's log, and a tail of it that is restarted at will: what comes out is known without any deduplicator."""

    log: list[VcenterEvent] = field(default_factory=list)
    pending: list[tuple[int, float]] = field(default_factory=list)
    key: int = 0
    clock: float = 0.0
    cursor: int = 0
    written: int = 0
    deduplicator: Deduplicator = field(default_factory=fresh)
    ids: list[tuple[int, int]] = field(default_factory=list)

    def write(self, gap: int, pause: float) -> None:
        """An event with the next key, or one beyond keys that somebody else was given."""
        self.clock += pause
        for _ in range(gap):
            self.pending.append((self.next(), self.clock))
        self.append(self.next(), self.clock)

    def next(self) -> int:
        if self.key == TOP:
            self.pending.clear()
            self.clock += 0.001
            self.key = BOTTOM - 1
        self.key += 1
        return self.key

    def set_back(self, seconds: float) -> None:
        """Everything before is read, as the clock is looked at when the log is quiet."""
        self.read()
        self.pending.clear()
        self.clock -= seconds
        self.write(0, 0.0)
        self.read()

    def approach_the_top(self, left: int, pause: float) -> None:
        """Years pass: few keys are left before the counter rolls over."""
        self.pending.clear()
        if 0 <= self.key < 2**30:
            self.clock += 1000 + pause
            self.key = TOP - left

    def commit_late(self) -> None:
        """An event whose key was given out earlier, before later ones were committed."""
        if self.pending:
            key, clock = self.pending.pop()
            if self.clock - clock <= LATE:
                self.append(key, clock)

    def append(self, key: int, clock: float) -> None:
        self.log.append(event(key, clock))
        self.written += 1

    def read(self, limit: int | None = None) -> None:
        page = self.log[self.cursor :][:limit]
        for each in page:
            if self.deduplicator.take(each):
                self.ids.append((self.deduplicator.incarnation, each.key))
        self.cursor += len(page)

    def restart(self) -> None:
        """A new process: its log-in is an event, and it reads the look-back again."""
        self.write(0, 0.0)
        self.deduplicator = restarted(self.deduplicator)
        found = self.since(self.deduplicator.begin(at(self.clock)))
        self.deduplicator.rejoin(max((each.key for each in found), default=None))
        everything, self.log = self.log, self.since(self.deduplicator.begin(at(self.clock)))
        self.cursor = 0
        self.read()
        self.log, self.cursor = everything, len(everything)

    def since(self, begin: datetime) -> list[VcenterEvent]:
        return [each for each in self.log if instant(each.created_time) >= begin]

    def restore(self, lost: int, pause: float) -> None:
        """A backup that does not know the last keys; the next event uses one of them again."""
        self.read()
        after_the_top = self.key < 0
        self.key = max(BOTTOM - 1 if after_the_top else 0, self.key - lost)
        self.log = [each for each in self.log if each.key <= self.key or (after_the_top and each.key > 0)]
        self.pending.clear()
        self.clock += pause
        self.cursor = len(self.log)
        self.restart()


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("write"), st.integers(0, 3), st.floats(0, 100)),
        st.tuples(st.just("commit_late")),
        st.tuples(st.just("read"), st.integers(1, 20)),
        st.tuples(st.just("approach_the_top"), st.integers(0, 3), st.floats(0, 100)),
        st.tuples(st.just("restart")),
        st.tuples(st.just("restore"), st.integers(1, 300), st.floats(2, 1000)),
    ),
    max_size=60,
)


@given(STEPS)
def test_every_event_comes_out_once_and_under_its_own_id(steps: list[tuple[str, int, float]]) -> None:
    model = Model()
    for name, *arguments in steps:
        getattr(model, name)(*arguments)
    model.restart()
    assert model.written == len(model.ids)
    assert len(model.ids) == len(set(model.ids))


def test_a_counter_that_rolls_over_within_a_moment_begins_an_incarnation_too() -> None:
    deduplicator = fresh()
    assert [True] * 3 == [deduplicator.take(event(key, 1)) for key in (TOP, BOTTOM, BOTTOM + 1)]
    assert 1 == deduplicator.incarnation


def test_an_event_read_again_is_known() -> None:
    deduplicator = fresh()
    assert deduplicator.take(event(1, 1))
    assert not deduplicator.take(event(1, 1))


def test_an_event_committed_late_is_new_after_a_restart() -> None:
    deduplicator = fresh()
    assert deduplicator.take(event(7, 59))
    deduplicator = restarted(deduplicator)
    assert not deduplicator.take(event(7, 59))
    assert deduplicator.take(event(6, 30))


def test_a_restart_reads_the_look_back_again() -> None:
    deduplicator = fresh()
    deduplicator.take(event(1, 100))
    assert at(40) == deduplicator.begin(at(200))


def test_a_clock_set_back_does_not_hide_new_events() -> None:
    deduplicator = fresh()
    deduplicator.take(event(1, 1000))
    assert at(340) == deduplicator.begin(at(400))
    assert deduplicator.take(event(2, 400))
    assert not restarted(deduplicator).take(event(2, 400))


@given(st.lists(st.tuples(st.integers(0, 5000), st.lists(st.integers(0, 500), max_size=5)), max_size=10))
def test_however_the_clock_is_set_back_no_interruption_loses_an_event(rounds: list[tuple[int, list[int]]]) -> None:
    model = Model()
    model.write(0, 1000)  # the first minute is bounded by the start: nothing before it is wanted
    model.read()
    for back, pauses in rounds:
        model.set_back(back)
        for pause in pauses:
            model.write(0, pause)
        model.restart()
    assert sorted((0, each.key) for each in model.log) == sorted(model.ids)


def test_after_one_event_of_the_future_a_long_interruption_loses_nothing() -> None:
    deduplicator = fresh()
    deduplicator.take(event(1, 1_000_000))
    deduplicator.take(event(2, 400))
    assert at(340) == restarted(deduplicator).begin(at(3600))


def test_what_was_passed_by_is_not_read_again_for_a_clock_that_was_set_back() -> None:
    deduplicator = fresh()
    deduplicator.take(event(1, 1000))
    deduplicator.take(event(2, 400))
    deduplicator.leap(at(1200))
    assert at(1200) == deduplicator.begin(at(1300))


def test_events_from_the_past_with_new_keys_are_new_in_any_order() -> None:
    deduplicator = fresh()
    deduplicator.take(event(10, 5000))
    assert [True, True, True] == [deduplicator.take(event(key, 7)) for key in (13, 12, 11)]
    assert [False, False, False] == [deduplicator.take(event(key, 7)) for key in (11, 12, 13)]


def test_keys_that_start_anew_begin_an_incarnation_and_leave_the_old_log_alone() -> None:
    deduplicator = fresh()
    for key in range(1, 6):
        deduplicator.take(event(key, key))
    assert deduplicator.take(event(3, 60))
    assert 1 == deduplicator.incarnation
    assert at(60) == deduplicator.begin(at(61))
    assert 1 == restarted(deduplicator).incarnation


def test_a_log_that_ends_before_the_latest_known_event_is_another_one() -> None:
    deduplicator = fresh()
    for key in range(1, 6):
        deduplicator.take(event(key, key))
    assert deduplicator.rejoin(5)
    assert deduplicator.rejoin(None)
    assert not deduplicator.rejoin(4)
    assert deduplicator.take(event(4, 60))
    assert 1 == deduplicator.incarnation


def test_an_event_without_a_readable_time_is_taken_once() -> None:
    deduplicator = fresh()
    deduplicator.take(event(1, 10))
    assert deduplicator.take(event(2, created_time="0001-01-01T00:00:00Z"))
    deduplicator = restarted(deduplicator)
    assert deduplicator.rejoin(1)
    assert not deduplicator.take(event(2, created_time="0001-01-01T00:00:00Z"))


def test_an_event_without_a_readable_time_is_known_when_its_key_is_forgotten() -> None:
    deduplicator = fresh()
    deduplicator.take(event(1, 10))
    deduplicator.take(event(2, created_time="0001-01-01T00:00:00Z"))
    deduplicator.take(event(3, 1000))
    assert not deduplicator.take(event(2, created_time="0001-01-01T00:00:00Z"))


def test_keys_that_roll_over_in_an_event_without_a_readable_time_leave_the_old_log_alone() -> None:
    deduplicator = fresh()
    deduplicator.take(event(TOP, 100))
    assert deduplicator.take(event(BOTTOM, created_time="0001-01-01T00:00:00Z"))
    assert (1, at(100)) == (deduplicator.incarnation, deduplicator.begin(at(200)))


def test_a_log_full_of_holes_forgets_the_oldest_keys_instead_of_growing_the_checkpoint(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "MAX_RANGES", 10)
    deduplicator = fresh()
    for number in range(50):
        assert deduplicator.take(event(2 * number, number))
    assert 10 == len(deduplicator.checkpoint().seen)
    assert 78 == deduplicator.checkpoint().forgotten
    again = restarted(deduplicator)
    assert not any(again.take(event(2 * number, number)) for number in range(50))


@given(st.lists(st.tuples(st.floats(-30, 3), st.booleans()), min_size=1, max_size=60))
def test_a_log_full_of_holes_is_remembered_to_the_bound_however_often_it_is_read_anew(
    steps: list[tuple[float, bool]],
) -> None:
    with patch.object(module, "MAX_RANGES", 10):
        deduplicator, events, clock = fresh(), [event(0, 0)], 0.0
        assert deduplicator.take(events[0])
        for number, (pause, reconnects) in enumerate(steps, 1):
            clock = max(0.0, clock + pause)
            events.append(event(4 * number, clock))
            assert deduplicator.take(events[-1])
            if reconnects:
                deduplicator = restarted(deduplicator)
                begin = deduplicator.begin(at(clock))
                again = [each for each in events if instant(each.created_time) >= begin]
                assert not any(deduplicator.take(each) for each in again)
            if clock <= LATE:
                assert START == deduplicator.horizon
                assert min(10, number + 1) == len(deduplicator.checkpoint().seen)
                late = event(4 * number - 2, clock)
                assert Deduplicator(deduplicator.checkpoint()).take(late)


def test_steady_traffic_keeps_the_checkpoint_small() -> None:
    deduplicator = fresh()
    for key in range(20_000):
        deduplicator.take(event(key, key / 100))
    assert 400 > len(deduplicator.checkpoint().dumps())
    assert 1 == len(deduplicator.checkpoint().seen)
