from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given

from schemas.avro.instant import micros
from tests.schemas.cloudevents import strategies


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01T00:00:01.0000019Z", 1_000_001),
        ("1970-01-01t01:00:00+01:00", 0),
        ("1969-12-31T23:59:60Z", 0),
        ("1970-01-01T00:00:00", 0),
        ("0001-01-01T00:00:00Z", -62_135_596_800_000_000),
        ("0000-01-01T00:00:00Z", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_a_timestamp_is_a_number_of_microseconds(text: str, expected: int | None) -> None:
    assert expected == micros(text)


@given(strategies.times)
def test_every_valid_time_is_within_a_microsecond_of_itself(text: str) -> None:
    found = micros(text)
    assert found is not None
    seconds = datetime.fromisoformat(text[:19]).replace(tzinfo=UTC).timestamp()
    assert abs(found / 1e6 - seconds) <= 24 * 3600
