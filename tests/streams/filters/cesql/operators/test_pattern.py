from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.filters.cesql.operators.pattern import _segments, pattern

tokens = st.lists(st.sampled_from(["a", "b", "%", "_", "\\%", "\\_", "\\", "\n", "ü"]), max_size=10)
strings = st.text("ab%_\\\nü", max_size=14)


def regex(parts: list[str]) -> re.Pattern[str]:
    """The same pattern for ``re``, which tries again and again; a backslash may meet the next part."""
    pieces = re.findall(r"\\[%_]|.", "".join(parts), re.DOTALL)
    known = {"%": ".*", "_": "."}
    return re.compile("".join(known.get(piece) or re.escape(piece[-1]) for piece in pieces), re.DOTALL)


@given(tokens, strings)
def test_a_pattern_matches_what_its_regular_expression_matches(parts: list[str], value: str) -> None:
    assert bool(regex(parts).fullmatch(value)) is pattern("".join(parts))(value)


@given(st.lists(st.sampled_from(["a", "_", "b"]), min_size=70, max_size=90), st.text("ab", max_size=200))
def test_a_long_segment_is_found_where_its_regular_expression_finds_it(parts: list[str], value: str) -> None:
    parts = ["%", "a", *parts, "b", "%"]
    assert bool(regex(parts).fullmatch(value)) is pattern("".join(parts))(value)


@given(st.data())
def test_a_string_made_from_a_pattern_matches_it(data: st.DataObject) -> None:
    parts = data.draw(st.lists(st.sampled_from(["a", "b", "%", "_"]), max_size=200))
    fill = {"%": strings, "_": st.sampled_from("ab%_")}
    value = "".join(data.draw(fill[part]) if part in fill else part for part in parts)
    assert pattern("".join(parts))(value)


@pytest.mark.parametrize("size", [64, 10_000])
def test_patterns_that_drive_backtracking_to_exponential_time_are_decided(size: int) -> None:
    value = "a" * size
    assert size * size > 1000
    assert not pattern("%a" * (size // 2) + "%b%")(value)
    assert not pattern("%" + "a_" * (size // 4) + "b%")(value)
    assert pattern("%" + "a_" * (size // 4) + "a%")(value)


@pytest.mark.parametrize(("segment", "bit_parallel"), [("a_" * 30 + "a", True), ("a_a", False)])
def test_a_segment_is_searched_bit_by_bit_where_trying_every_place_would_take_long(
    segment: str,
    bit_parallel: bool,  # noqa: FBT001
) -> None:
    (searched,) = _segments(segment)
    assert searched.find("ab" * 100, 1, 200) == 2
    assert bit_parallel is ("_masks" in vars(searched))
