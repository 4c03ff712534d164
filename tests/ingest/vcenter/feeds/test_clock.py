from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ingest.vcenter.feeds import clock as module
from ingest.vcenter.feeds.clock import Clock
from ingest.vcenter.instant import EPOCH, LAST


def test_a_moment_of_the_vcenter_is_told_by_our_clock() -> None:
    told: list[float] = []
    clock, now = Clock(told.append), datetime.now(UTC)
    assert now + timedelta(hours=1) == clock.heard(now + timedelta(hours=1))
    assert abs(clock.ours(now + timedelta(hours=1)) - now) < timedelta(seconds=1)
    assert [pytest.approx(3600, abs=1)] == told


@pytest.mark.parametrize("never", [EPOCH, LAST])
def test_what_is_no_clock_tells_nothing(never: datetime) -> None:
    told: list[float] = []
    clock, now = Clock(told.append), datetime.now(UTC)
    clock.heard(never)
    assert (now, []) == (clock.ours(now), told)


@pytest.mark.parametrize("moment", [EPOCH, LAST])
@pytest.mark.parametrize("ahead", [-1, 1])
def test_a_moment_that_cannot_be_told_stays_as_it_is(moment: datetime, ahead: int) -> None:
    clock = Clock([].append)
    clock.heard(datetime.now(UTC) + timedelta(days=ahead))
    assert abs(moment.year - clock.ours(moment).year) <= 1


def test_it_is_asked_at_first_and_then_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = [1000.0]
    monkeypatch.setattr(module, "monotonic", lambda: seconds[0])
    clock = Clock([].append)
    due = [clock.is_due()]
    clock.heard(datetime.now(UTC))
    due.append(clock.is_due())
    seconds[0] += module.PAUSE
    due.append(clock.is_due())
    assert [True, False, True] == due
