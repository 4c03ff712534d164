from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from schemas.errors import Reject
from sinks.vsphere.machine.moment import happened
from tests.sinks.bench import event

NOW = datetime(2026, 1, 31, 6, tzinfo=UTC)


def moment(time: str | None) -> datetime:
    session: Any = SimpleNamespace(name="vc1", current_time=lambda: NOW)
    return happened(event(time=time), session)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-01-31T05:59:00Z", NOW - timedelta(minutes=1)),
        ("2026-01-31t05:59:00.123456789z", NOW - timedelta(minutes=1) + timedelta(microseconds=123456)),
        ("2026-01-31T07:00:00+01:00", NOW),
        ("2026-01-31T05:59:60Z", NOW - timedelta(seconds=1)),
        ("2026-01-31T06:00:59Z", NOW + timedelta(seconds=59)),
    ],
)
def test_the_time_of_an_event_is_an_instant(text: str, expected: datetime) -> None:
    assert expected == moment(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (None, "has no time"),
        ("0001-01-01T00:00:00+14:00", "cannot be read"),
        ("2026-01-31T06:01:01Z", "ahead of the clock of vCenter vc1"),
    ],
)
def test_a_time_that_tells_nothing_is_rejected(text: str | None, reason: str) -> None:
    with pytest.raises(Reject, match=reason):
        moment(text)
