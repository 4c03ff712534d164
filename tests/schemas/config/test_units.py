from __future__ import annotations

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from schemas.config import Fault
from schemas.config.units import (
    BYTES,
    LARGEST_BYTES,
    LONGEST_SECONDS,
    SECONDS,
    format_duration,
    format_size,
    parse_duration,
    parse_size,
)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("250ms", 0.25), ("30s", 30), ("5m", 300), ("24h", 86_400), ("7d", 604_800), ("1h30m", 5400), ("1.5s", 1.5)],
)
def test_a_duration_is_numbers_with_units(text: str, seconds: float) -> None:
    assert seconds == parse_duration(text)


@pytest.mark.parametrize(
    ("text", "size"), [("512B", 512), ("64KiB", 65_536), ("1MiB", 1_048_576), ("10MB", 10_000_000), ("1.5 KiB", 1536)]
)
def test_a_size_is_a_number_with_a_unit(text: str, size: int) -> None:
    assert size == parse_size(text)


@pytest.mark.parametrize("value", [0, 3, 0.5])
def test_a_plain_number_is_seconds(value: float) -> None:
    assert value == parse_duration(value)


def test_a_plain_number_is_bytes() -> None:
    assert 4096 == parse_size(4096)


@pytest.mark.parametrize(
    "value", ["", "5", "5 s", "s", "-1s", "1S", "1y", "٣s", "1s\n", True, None, [], -1, math.nan, math.inf, 10**12]
)
def test_anything_else_is_no_duration(value: object) -> None:
    with pytest.raises(Fault, match="is not a duration"):
        parse_duration(value)


@pytest.mark.parametrize("value", ["", "5", "1mib", "-1B", "1.5B", "1e3B", True, None, -1, 0.5, math.nan, 2**60])
def test_anything_else_is_no_size(value: object) -> None:
    with pytest.raises(Fault, match="is not a size"):
        parse_size(value)


@given(st.integers(0, LONGEST_SECONDS * 1000))
@example(0)
@example(LONGEST_SECONDS * 1000)
def test_a_printed_duration_reads_back_the_same(milliseconds: int) -> None:
    assert milliseconds / 1000 == pytest.approx(parse_duration(format_duration(milliseconds / 1000)), abs=1e-6)


@given(st.integers(0, LARGEST_BYTES))
@example(0)
def test_a_printed_size_reads_back_the_same(size: int) -> None:
    assert size == parse_size(format_size(size))


@given(st.integers(0, 10_000), st.sampled_from(sorted(SECONDS)))
def test_the_unit_multiplies_a_duration(amount: int, unit: str) -> None:
    assert amount * SECONDS[unit] == pytest.approx(parse_duration(f"{amount}{unit}"))


@given(st.integers(0, 10_000), st.sampled_from(sorted(BYTES)))
def test_the_unit_multiplies_a_size(amount: int, unit: str) -> None:
    assert amount * BYTES[unit] == parse_size(f"{amount}{unit}")


@given(st.text() | st.floats() | st.integers() | st.none() | st.booleans())
def test_any_value_is_a_duration_in_range_or_a_fault(value: object) -> None:
    try:
        seconds = parse_duration(value)
    except Fault:
        return
    assert 0 <= seconds <= LONGEST_SECONDS


@given(st.text() | st.floats() | st.integers() | st.none() | st.booleans())
def test_any_value_is_a_size_in_range_or_a_fault(value: object) -> None:
    try:
        size = parse_size(value)
    except Fault:
        return
    assert 0 <= size <= LARGEST_BYTES
