from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.epoch import EARLIEST, LATEST, moment, possible, written


@given(st.integers(-(2**63), 2**63 - 1))
def test_whatever_a_producer_says_is_a_date(timestamp: int) -> None:
    """No number that Kafka can store raises."""
    assert EARLIEST <= round((moment(timestamp) - moment(0)).total_seconds() * 1000) <= LATEST
    assert moment(possible(timestamp)) == moment(timestamp)


@given(st.integers(EARLIEST, LATEST))
def test_what_has_a_date_stays_as_it_is(timestamp: int) -> None:
    """Only what is impossible is moved."""
    assert timestamp == possible(timestamp)


@pytest.mark.parametrize(
    ("timestamp", "expected"),
    [
        (-(2**63), datetime(1, 1, 1, tzinfo=UTC)),
        (0, datetime(1970, 1, 1, tzinfo=UTC)),
        (1_500, datetime(1970, 1, 1, 0, 0, 1, 500_000, tzinfo=UTC)),
        (2**63 - 1, datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_what_has_none_gets_the_nearest(timestamp: int, expected: datetime) -> None:
    """To the millisecond within, the first and the last date beyond."""
    assert expected == moment(timestamp)


@pytest.mark.parametrize(
    ("timespec", "expected"),
    [
        ("auto", "2026-11-29T07:00:00Z"),
        ("seconds", "2026-11-29T07:00:00Z"),
        ("milliseconds", "2026-11-29T07:00:00.000Z"),
    ],
)
def test_a_date_is_written_in_utc(timespec: str, expected: str) -> None:
    assert expected == written(datetime(2026, 11, 29, 8, tzinfo=timezone(timedelta(hours=1))), timespec)
