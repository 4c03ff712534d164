from __future__ import annotations

import struct
from datetime import UTC, datetime, timedelta, timezone
from time import perf_counter
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.vcenter.decoding import scalars

if TYPE_CHECKING:
    from collections.abc import Callable

OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(st.integers(-(2**63), 2**63 - 1))
def test_an_integer_of_64_bits_is_read(value: int) -> None:
    assert value == scalars.integer(str(value))


@pytest.mark.parametrize(("text", "value"), [(" 5\n", 5), ("+5", 5), ("007", 7), ("-0", 0)])
def test_an_integer_may_be_written_in_every_way_of_xml_schema(text: str, value: int) -> None:
    assert value == scalars.integer(text)


@pytest.mark.parametrize("text", ["", "x", "1_000", "1.0", "1e3", "٣", str(2**63), "9" * 10_000, "5 5", "0x10"])
def test_what_is_no_integer_of_64_bits_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^"):
        scalars.integer(text)


@pytest.mark.parametrize(("text", "value"), [("true", True), ("0", False), (" false ", False), ("1", True)])
def test_a_boolean_is_a_word_or_a_digit(text: str, value: bool) -> None:  # noqa: FBT001 - it is the subject
    assert scalars.boolean(text) is value


@pytest.mark.parametrize("text", ["", "True", "yes", "2"])
def test_what_is_no_boolean_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^"):
        scalars.boolean(text)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_double_is_read_exactly(value: float) -> None:
    assert value == scalars.double(repr(value))


@given(st.floats(allow_nan=False, allow_infinity=False, width=32))
def test_a_float_is_read_to_32_bits(value: float) -> None:
    read = scalars.single(repr(value))
    assert struct.pack("<f", value) == struct.pack("<f", read) or value == read == 0


@pytest.mark.parametrize(
    ("text", "written"), [("0.1", "0.1"), ("0.333333343", "0.33333334"), ("2.0", "2"), ("1e10", "10000000000")]
)
def test_a_float_is_written_with_the_fewest_digits_as_go_does(text: str, written: str) -> None:
    assert written == repr(scalars.single(text))


@pytest.mark.parametrize("text", ["", "INF", "-INF", "NaN", "1_0", "1e999", "0x1p3", "."])
def test_what_json_cannot_hold_as_a_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^"):
        scalars.double(text)


def test_a_float_beyond_32_bits_is_refused() -> None:
    with pytest.raises(ValueError, match="1e39"):
        scalars.single("1e39")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("2026-11-20T09:37:25Z", "2026-11-20T09:37:25Z"),
        ("2026-11-20T09:37:25.000Z", "2026-11-20T09:37:25Z"),
        ("2026-11-20T09:37:25.120Z", "2026-11-20T09:37:25.12Z"),
        ("2026-11-20T09:37:25.123456789Z", "2026-11-20T09:37:25.123456789Z"),
        ("2026-11-20T09:37:25.1234567891Z", "2026-11-20T09:37:25.123456789Z"),
        ("2026-11-20T09:37:25+00:00", "2026-11-20T09:37:25Z"),
        ("2026-11-20T09:37:25.5-00:00", "2026-11-20T09:37:25.5Z"),
        ("2026-11-20T09:37:25.50+02:00", "2026-11-20T09:37:25.5+02:00"),
    ],
)
def test_a_time_is_written_as_go_does(text: str, written: str) -> None:
    assert written == scalars.timestamp(text)


@given(st.datetimes(timezones=OFFSETS | st.just(UTC)))
def test_a_time_keeps_its_instant_and_offset(when: datetime) -> None:
    read = datetime.fromisoformat(scalars.timestamp(when.isoformat()))
    assert (when, when.utcoffset()) == (read, read.utcoffset())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "2026-11-20",
        "2026-11-20T09:37:25",
        "2026-11-20 09:37:25Z",
        "2026-02-30T09:37:25Z",
        "2026-11-20T24:00:00Z",
        "2026-11-20T09:37:60Z",
        "2026-11-20T09:37:25.Z",
        "2026-11-20T09:37:25+24:00",
        "2026-11-20T09:37:25+01:60",
        "٢٠٢٦-11-20T09:37:25Z",
    ],
)
def test_what_is_no_time_with_a_zone_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^"):
        scalars.timestamp(text)


@pytest.mark.parametrize("parse", [scalars.integer, scalars.double, scalars.single, scalars.timestamp, scalars.boolean])
@pytest.mark.parametrize(
    "text", ["1" * 1_000_000 + "x", " " * 1_000_000 + "x", "2026-11-20T09:37:25." + "0" * 1_000_000]
)
def test_a_long_text_is_refused_in_linear_time(parse: Callable[[str], object], text: str) -> None:
    started = perf_counter()
    with pytest.raises(ValueError, match=r"^"):
        parse(text)
    assert perf_counter() - started < 5  # quadratic would be hours
