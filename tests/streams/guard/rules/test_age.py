from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.guard.rules import age
from tests.streams.guard.asking import NOW, question, request, sink


def check(
    happened: float | None, offset: float | None = 0.0, *, vcenter: str | None = "vc1", **said: Any
) -> str | None:
    asked = request(caused={"time": happened, "vcenter": vcenter}, clock_offset=offset)
    return age.check(question(asked, **said))


@given(ago=st.integers(-200, 2000), offset=st.integers(-90, 90))
def test_an_event_is_as_old_as_it_is_by_our_clock(ago: int, offset: int) -> None:
    """Both the age without the offset, and the offset, are within the limits, or the event does not pass."""
    reason = check(NOW - ago + offset, float(offset), max_age=900, max_clock_offset=60)
    assert (abs(offset) <= 60 and -60 <= ago <= 900) == (reason is None)


def test_the_clock_of_a_vcenter_must_have_been_measured() -> None:
    assert "the clock of vc1 has not been measured" in (check(NOW, None) or "")


@pytest.mark.parametrize("vcenter", ["vc1", None])
def test_a_clock_that_is_too_far_from_ours_gets_no_action(vcenter: str | None) -> None:
    assert "-61s from ours, 1m are allowed" in (check(NOW, -61.0, vcenter=vcenter) or "")


def test_the_offset_of_a_vcenter_is_not_that_of_other_senders() -> None:
    assert check(NOW - 890, 30.0, vcenter=None) is None
    assert check(NOW - 890, -30.0, vcenter=None) is None


def test_other_senders_need_no_measured_clock() -> None:
    assert check(NOW - 890, None, vcenter=None) is None
    assert "901s old, 15m are allowed" in (check(NOW - 901, None, vcenter=None) or "")
    assert "61s ahead" in (check(NOW + 61, None, vcenter=None) or "")


def test_an_event_without_a_time_is_refused() -> None:
    assert "does not say when" in (check(None) or "")


def test_the_sink_may_be_stricter() -> None:
    asked = question(request(caused={"time": NOW - 61}), sink=sink(max_age=60))
    assert "1m are allowed (max_age)" in (age.check(asked) or "")


@pytest.mark.parametrize("field", ["time", "clock_offset"])
@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_what_is_not_a_number_passes_no_limit(field: str, value: float) -> None:
    """Records with such numbers are refused where they are read; a limit does not rely on it."""
    asked = request()
    if field == "time":
        asked = asked.model_copy(update={"cause": asked.cause.model_copy(update={"time": value})})
    else:
        asked = asked.model_copy(update={"clock_offset": value})
    assert age.check(question(asked)) is not None
