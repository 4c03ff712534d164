from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops.replay.moment import moment
from schemas.config.fault import Fault

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("spelled", "expected"),
    [
        ("now", NOW),
        ("24h", NOW - timedelta(days=1)),
        ("24h ago", NOW - timedelta(days=1)),
        (" 1h30m ago ", NOW - timedelta(minutes=90)),
        ("2026-01-31T06:00:00Z", datetime(2026, 1, 31, 6, tzinfo=UTC)),
        ("2026-01-31T07:00+01:00", datetime(2026, 1, 31, 6, tzinfo=UTC)),
    ],
)
def test_a_time_is_an_instant_or_a_way_back_from_now(spelled: str, expected: datetime) -> None:
    assert expected == moment(spelled, NOW)


@pytest.mark.parametrize("spelled", ["2026-01-31T06:00:00", "2026-01-31 06:00", "2026-01-31"])
def test_a_time_without_a_zone_is_refused_and_says_how_to_write_it(spelled: str) -> None:
    with pytest.raises(Fault) as caught:
        moment(spelled, NOW)
    assert "has no time zone" == caught.value.what
    assert caught.value.cure.startswith(f"write {datetime.fromisoformat(spelled).isoformat()}Z, ")


@pytest.mark.parametrize("spelled", ["", "ago", "yesterday", "-3h", "2026-02-30T00:00:00Z", "0001-01-01T00:00+10:00"])
def test_what_is_no_time_is_refused_with_examples(spelled: str) -> None:
    with pytest.raises(Fault, match=r"is no time .*24h"):
        moment(spelled, NOW)


@given(st.text(max_size=40))
def test_whatever_is_written_becomes_a_time_in_utc_or_a_fault(spelled: str) -> None:
    with suppress(Fault):
        assert moment(spelled, NOW).utcoffset() == timedelta(0)
