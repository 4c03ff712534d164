from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.webhook.payload.document import Number
from ingest.webhook.payload.moment import moment
from schemas.cloudevents.attributes import check_time


@pytest.mark.parametrize(
    ("value", "time"),
    [
        ("2024-08-12T13:58:44.587000001+02:00", "2024-08-12T13:58:44.587000001+02:00"),
        (Number("1723471124587"), "2024-08-12T13:58:44.587Z"),
        ("1723471124587", "2024-08-12T13:58:44.587Z"),
        (Number("1680501893"), "2023-04-03T06:04:53Z"),
        ("0001-01-01T00:00:00Z", None),
        (Number("0"), None),
        (Number("-1"), None),
        (Number("1.5"), None),
        ("2024-02-30T00:00:00Z", None),
        ("Mon Aug 12 13:58:44 UTC 2024", None),
        ("\u0661\u0662", None),
        ("9" * 15, None),
        ("9" * 5000, None),
        ("", None),
        (None, None),
        (True, None),
        ({}, None),
    ],
)
def test_a_time_is_known_by_its_form(value: object, time: str | None) -> None:
    assert time == moment(value)


@given(st.integers(1, 10**16) | st.text(max_size=30))
def test_whatever_comes_is_a_timestamp_or_none(value: int | str) -> None:
    time = moment(str(value))
    if time is not None:
        check_time(time)


@given(st.datetimes(datetime(1974, 1, 1), datetime(5000, 1, 1)))  # noqa: DTZ001 - hypothesis adds the zone
def test_seconds_and_milliseconds_of_one_time_are_the_same_time(at: datetime) -> None:
    seconds = int(at.replace(tzinfo=UTC).timestamp())
    times = [moment(Number(str(seconds))), moment(Number(str(seconds * 1000)))]

    assert 1 == len({datetime.fromisoformat(time) for time in times})
