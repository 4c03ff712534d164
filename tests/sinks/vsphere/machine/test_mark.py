from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sinks.vsphere.machine.mark import LONGEST, Mark

MOMENTS = st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis wants naive bounds
NOW = datetime(2026, 1, 31, 6, tzinfo=UTC)


@given(MOMENTS, st.text(min_size=1, max_size=LONGEST))
def test_a_mark_is_read_as_it_was_written(moment: datetime, event: str) -> None:
    assert Mark(moment, event) == Mark.read(str(Mark(moment, event)))


@given(MOMENTS, MOMENTS)
def test_it_covers_its_event_and_all_before_it(marked: datetime, moment: datetime) -> None:
    assert (moment <= marked) == Mark.read(str(Mark(marked, "e"))).covers(moment)


@given(st.none() | st.text())
def test_what_is_no_mark_covers_nothing(text: str | None) -> None:
    assert not Mark.read(text).covers(NOW + timedelta(days=365 * 1000))


@pytest.mark.parametrize("text", ["2026-01-31T06:00:00+00:00", "2026-01-31T07:00:00+01:00 vc1/i1/7"])
def test_a_mark_of_another_hand_counts_by_its_time(text: str) -> None:
    assert NOW == Mark.read(text).moment


def test_a_long_id_is_cut() -> None:
    assert LONGEST == len(Mark.read(str(Mark(NOW, "x" * 5000))).event)
