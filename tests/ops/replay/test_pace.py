from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops.replay.pace import Pace
from ops.replay.reader import MOST


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@given(
    rate=st.floats(0.01, 10_000),
    steps=st.lists(st.tuples(st.integers(0, MOST), st.floats(0, 5)), max_size=50),
)
def test_no_more_than_the_rate_is_written_but_for_what_is_in_hand(rate: float, steps: list[tuple[int, float]]) -> None:
    clock = Clock()
    pace, written = Pace(rate, clock=clock), 0
    for count, took in steps:
        clock.now += took
        count = min(count, pace.most)  # noqa: PLW2901
        written += count
        assert written <= rate * clock.now + pace.most + 1e-6 * written
        clock.now += pace.after(count)


def test_without_a_rate_nothing_waits_and_a_batch_is_whole() -> None:
    pace = Pace(None)
    assert (MOST, 0.0) == (pace.most, pace.after(10**9))


@pytest.mark.parametrize(("rate", "most"), [(0.1, 1), (7.9, 7), (1e6, MOST)])
def test_a_batch_is_a_seconds_worth_at_most(rate: float, most: int) -> None:
    assert most == Pace(rate).most
