from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.vcenter.instant import EPOCH, instant, utc_text
from schemas.cloudevents.attributes import check_time


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-01-31T06:00:00.123456789Z", "2026-01-31T06:00:00.123456789Z"),
        ("2026-01-31T06:00:00.123456789+00:00", "2026-01-31T06:00:00.123456789Z"),
        ("2026-01-01T00:30:00+02:00", "2025-12-31T22:30:00Z"),
        ("2026-01-31T23:59:59.9-05:30", "2026-02-01T05:29:59.9Z"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
        ("0999-06-01T12:00:00+01:00", "0999-06-01T11:00:00Z"),
    ],
)
def test_a_time_is_told_in_utc_with_all_its_digits(text: str, expected: str) -> None:
    assert expected == utc_text(text)
    check_time(expected)


@pytest.mark.parametrize("text", ["", "yesterday", "0001-01-01T00:00:00+14:00"])
def test_what_cannot_be_read_counts_as_the_oldest_of_all(text: str) -> None:
    assert EPOCH == instant(text)
    assert text == utc_text(text)


@given(st.datetimes(min_value=datetime(2, 1, 1), max_value=datetime(9998, 1, 1), timezones=st.timezones()))  # noqa: DTZ001
def test_the_utc_text_names_the_same_moment(moment: datetime) -> None:
    whole = moment.replace(second=0, microsecond=0)
    offset = whole.utcoffset()
    if offset is None or offset.total_seconds() % 60:
        return
    assert whole.astimezone(UTC) == instant(utc_text(whole.isoformat()))
