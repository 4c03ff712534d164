from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sinks.vsphere.machine.growth import grown

SIZES = st.integers(1, 2**20)
STEPS = st.integers(1, 512)


@pytest.mark.parametrize(
    ("current", "add", "most", "step", "expected"),
    [
        (1, 1, 4, 1, 2),
        (3, 2, 4, 1, 4),
        (4, 1, 4, 1, 4),
        (8, 1, 4, 1, 8),
        (2, 0, 4, 1, 2),
        (4, 1, 16, 4, 8),
        (4, 1, 7, 4, 4),
        (1024, 2048, 8192, 128, 3072),
        (8000, 2048, 8192, 128, 8128),
        (16384, 2048, 8192, 4, 16384),
    ],
)
def test_it_grows_by_whole_steps_up_to_the_cap(current: int, add: int, most: int, step: int, expected: int) -> None:
    assert expected == grown(current, add=add, most=most, step=step)


@given(SIZES, SIZES, SIZES, STEPS)
def test_it_never_shrinks_and_never_exceeds_the_cap(current: int, add: int, most: int, step: int) -> None:
    after = grown(current, add=add, most=most, step=step)
    assert current <= after <= max(current, most)


@given(SIZES, SIZES, SIZES, STEPS)
def test_it_grows_by_no_step_more_than_asked_for(current: int, add: int, most: int, step: int) -> None:
    growth = grown(current, add=add, most=most, step=step) - current
    assert (0, True) == (growth % step, growth < add + step)


@given(SIZES, SIZES, SIZES, STEPS)
def test_it_stops_short_of_what_was_asked_for_only_where_no_step_is_left(
    current: int, add: int, most: int, step: int
) -> None:
    after = grown(current, add=add, most=most, step=step)
    assert after >= current + add or after + step > most


@given(SIZES, SIZES, SIZES, STEPS)
def test_a_machine_at_its_cap_stays_there(current: int, add: int, most: int, step: int) -> None:
    top = grown(current, add=most, most=most, step=step)
    assert top == grown(top, add=add, most=most, step=step)
