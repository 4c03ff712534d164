"""What becomes of a machine at which time."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.config.commands import LeaseConfig
from streams.commands.term import DAY, due, moment

if TYPE_CHECKING:
    from streams.commands.term import Stage

HOUR = 3600.0
END = 1_800_000_000.0
CONFIG = LeaseConfig.model_validate({"for": "14d", "warn": "2d", "grace": "3d"})
SHORTEST = 2 * DAY
"""The shorter of the two."""


class Told(NamedTuple):
    """A stage of a lease that was done."""

    end: float
    stage: Stage
    day: int
    at: float


class Machine:
    """A machine whose lease is looked at; whatever is asked for is done at once, and once."""

    def __init__(self, end: float = END, *, runs: bool = True) -> None:
        self.end = end
        self.runs = runs
        self.there = True
        self.stopped: float | None = None
        self.told: list[Told] = []

    def look(self, now: float) -> None:
        found = due(self.end, runs=self.runs, now=now, stopped=self.stopped, config=CONFIG)
        if not self.there or found is None:
            return
        if any((each.end, each.stage, each.day) == (self.end, found.stage, found.day) for each in self.told):
            return
        self.told.append(Told(self.end, found.stage, found.day, now))
        if found.stage == "end":
            self.runs, self.stopped = False, now
        if found.stage == "quarantine":
            assert not self.runs
            self.there = False

    def stages(self) -> list[Stage]:
        return [each.stage for each in self.told]


def walked(machine: Machine, steps: list[float], begin: float = END - 5 * DAY) -> Machine:
    now = begin
    for step in steps:
        machine.look(now)
        now += step
    return machine


@given(st.lists(st.floats(60, SHORTEST), max_size=60), st.booleans())
def test_no_stage_is_skipped_or_told_twice(steps: list[float], runs: bool) -> None:  # noqa: FBT001 - a strategy's
    stages = walked(Machine(runs=runs), steps).stages()
    assert ["warn", "end", "quarantine"][: len(stages)] == stages


@given(st.lists(st.floats(1, 40 * DAY), max_size=60), st.booleans())
def test_whoever_was_away_in_between_it_is_off_before_it_is_put_away_and_has_its_grace(
    steps: list[float],
    runs: bool,  # noqa: FBT001 - a strategy's
) -> None:
    machine = walked(Machine(runs=runs), steps)
    times = {each.stage: each.at for each in machine.told}
    assert len(times) == len(machine.told)
    assert [*times.values()] == sorted(times.values())
    if not machine.there:
        assert times["quarantine"] >= END + CONFIG.grace
    if runs and not machine.there and times["end"] >= END + CONFIG.grace:
        assert times["quarantine"] >= times["end"] + CONFIG.grace


@given(
    st.lists(st.floats(60, SHORTEST), max_size=30), st.integers(1, 90), st.lists(st.floats(60, SHORTEST), max_size=90)
)
def test_a_longer_lease_starts_anew(before: list[float], days: int, after: list[float]) -> None:
    machine = walked(Machine(), before)
    if not machine.there:
        return
    now = END - 5 * DAY + sum(before)
    machine.end, machine.runs, machine.stopped = now + days * DAY, True, None
    begun = len(machine.told)
    walked(machine, after, now)
    stages = machine.stages()[begun:]
    assert ["warn", "end", "quarantine"][: len(stages)] == stages


def test_what_runs_again_without_a_longer_lease_is_powered_off_a_day_later() -> None:
    found = [
        due(END, runs=True, now=END + days * DAY + HOUR, stopped=END + HOUR, config=CONFIG) for days in (0, 1, 2, 5)
    ]
    assert [("end", 0), ("end", 1), ("end", 2), ("end", 5)] == [each and each[:2] for each in found]


def test_what_could_not_be_put_away_is_tried_again_a_day_later() -> None:
    found = [due(END, runs=False, now=END + days * DAY, stopped=None, config=CONFIG) for days in (3, 3.5, 4, 10)]
    assert [("quarantine", day) for day in (0, 0, 1, 7)] == [each and each[:2] for each in found]


def test_what_is_told_of_the_next_stage_is_kept() -> None:
    warned, ended = (due(END, runs=True, now=END + at, stopped=None, config=CONFIG) for at in (-HOUR, HOUR))
    late = due(END, runs=True, now=END + 10 * DAY, stopped=None, config=CONFIG)
    assert warned is not None
    assert ended is not None
    assert late is not None
    assert (END, END + 3 * DAY, END + 13 * DAY) == (warned.next, ended.next, late.next)
    assert due(END, runs=False, now=late.next - 1, stopped=END + 10 * DAY, config=CONFIG) is None


@pytest.mark.parametrize("text", ["", "tomorrow", "2026-12-24", "2026-13-24T18:00:00Z", "2026-12-24T18:00:00"])
def test_what_is_no_instant_ends_no_lease(text: str) -> None:
    assert moment(text) is None


def test_an_instant_has_a_zone() -> None:
    assert moment("2027-01-15T08:00:00Z") == moment("2027-01-15T09:00:00+01:00") == END
