from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sinks.vsphere.sizetags import Wish, _nearest, number


@pytest.mark.parametrize(
    ("name", "expected"),
    [("4", 4), ("4096", 4096), ("0", None), ("-1", None), ("04", None), ("4.0", None), ("four", None), ("", None)],
)
def test_a_size_is_a_plain_number(name: str, expected: int | None) -> None:
    assert expected == number(name)


@given(st.text())
def test_any_other_name_says_no_size(name: str) -> None:
    found = number(name)
    assert found is None or str(found) == name


@given(st.integers(1, 50), st.integers(1, 20), st.integers(0, 20), st.lists(st.integers(1, 100)))
def test_a_wish_is_met_by_more_than_before_and_never_by_more_than_allowed(
    before: int, add: int, spare: int, sizes: list[int]
) -> None:
    wish = Wish(before, before + add, before + add + spare)
    found = _nearest(wish, sizes)
    if found is None:
        assert not [size for size in sizes if before < size <= wish.most]
    else:
        assert found in sizes
        assert before < found <= wish.most
