from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.http import NoAnswer
from schemas.errors import Reject, Retry, Unavailable, Unreachable
from sinks.answers import LONGEST_PAUSE, judge, retry_after, silence

NOW = datetime(2026, 11, 20, 9, 36, 17, tzinfo=UTC)


@given(st.integers(100, 999))
def test_a_status_means_what_knative_takes_it_for_unless_it_speaks_of_us(status: int) -> None:
    verdict = judge(status, {})

    if 200 <= status < 300:
        assert verdict is None
    elif 300 <= status < 500 and status not in {401, 403, 404, 407, 408, 409, 429}:
        assert isinstance(verdict, Reject)
    else:
        assert isinstance(verdict, Retry)


def test_a_reason_names_the_status_in_words() -> None:
    verdicts = [judge(status, {}) for status in (422, 599)]

    assert ["answered 422 Unprocessable Entity", "answered 599"] == [str(verdict) for verdict in verdicts]


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0.0),
        ("120", 120.0),
        ("9" * 400, LONGEST_PAUSE),
        (format_datetime(NOW + timedelta(seconds=90), usegmt=True), 90.0),
        (format_datetime(NOW - timedelta(days=1), usegmt=True), 0.0),
        (format_datetime(NOW + timedelta(days=400), usegmt=True), LONGEST_PAUSE),
        ("Fri, 20 Nov 2026 09:36:47 -0000", 30.0),
        ("Fri, 20 Nov 2026 10:36:47 +0100", 30.0),
        ("", None),
        ("-1", None),
        ("1.5", None),
        ("\N{SUPERSCRIPT TWO}", None),
        ("soon", None),
        ("Fri, 99 Nov 2026 09:36:47 GMT", None),
        ("9999999999999 Dec 2026 09:36:47 GMT", None),
        (None, None),
    ],
)
def test_retry_after_is_seconds_or_a_date_within_an_hour(value: str | None, seconds: float | None) -> None:
    assert seconds == retry_after(value, NOW)


@given(st.text())
def test_any_retry_after_is_a_pause_or_ignored(value: str) -> None:
    after = retry_after(value, NOW)

    assert after is None or 0 <= after <= LONGEST_PAUSE


def test_silence_after_the_request_was_sent_counts_against_the_event_otherwise_the_sink_is_away() -> None:
    assert isinstance(silence(NoAnswer("late")), Retry)
    assert isinstance(silence(Unreachable("gone")), Unavailable)
