from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops.deadletters.portions import BYTES, MOST, portions
from tests.ops.deadletters.written import dead

LETTER = dead(0)


@given(count=st.integers(0, 1_500), rate=st.none() | st.floats(0.001, 10_000))
def test_every_letter_is_in_one_portion_in_its_order(count: int, rate: float | None) -> None:
    """Nothing is left out, none is empty, none is too large."""
    letters = [replace(LETTER, offset=number) for number in range(count)]
    found = list(portions(letters, rate=rate))
    assert letters == [letter for portion in found for letter in portion]
    assert all(0 < len(portion) <= MOST for portion in found)


@pytest.mark.parametrize(("rate", "size"), [(4.0, 1), (100.0, 25), (0.5, 1)])
def test_a_rate_makes_them_small(rate: float, size: int) -> None:
    """A quarter second's worth at once, so that the rate is even."""
    assert size == len(next(portions([LETTER] * 600, rate=rate)))


def test_large_letters_come_in_small_portions() -> None:
    """Memory is bounded by bytes, not by letters."""
    large = replace(LETTER, value=b"x" * (BYTES // 2))
    assert [2, 2, 1] == [len(portion) for portion in portions([large] * 5)]
