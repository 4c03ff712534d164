from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from schemas.config import WindowConfig
from streams.filters import View
from streams.routing.window import Active, Muted, happened

NIGHT = {"zone": "Europe/Berlin", "days": "fri", "from": "22:00", "to": "06:00"}
SPRING = {"zone": "Europe/Berlin", "from": "01:30", "to": "03:30"}


def at(time: str | None) -> View:
    return View.of_attributes({"time": time} if time else {})


@pytest.mark.parametrize(
    ("window", "time", "inside"),
    [
        ({"zone": "UTC"}, "2026-11-28T12:00:00Z", True),
        ({"zone": "UTC", "from": "08:00", "to": "17:30"}, "2026-11-28T17:29:59.999999999Z", True),
        ({"zone": "UTC", "from": "08:00", "to": "17:30"}, "2026-11-28T17:30:00Z", False),
        ({"zone": "UTC", "from": "08:00", "to": "17:30"}, "2026-11-28T07:59:59Z", False),
        ({"zone": "UTC", "days": "mon-fri"}, "2026-11-28T12:00:00Z", False),
        ({"zone": "UTC", "days": ["sat"]}, "2026-11-28T12:00:00+02:00", True),
        ({"zone": "America/New_York", "days": "fri"}, "2026-11-28T03:00:00Z", True),
        (NIGHT, "2026-11-27T21:00:00Z", True),
        (NIGHT, "2026-11-28T04:59:00Z", True),
        (NIGHT, "2026-11-28T05:00:00Z", False),
        (NIGHT, "2026-11-28T21:30:00Z", False),
        (NIGHT, "2026-11-27T04:00:00Z", False),
        # The clock goes from 02:00 to 03:00 on 2026-03-29: the window is an hour shorter.
        (SPRING, "2026-03-29T00:45:00Z", True),
        (SPRING, "2026-03-29T01:15:00Z", True),
        (SPRING, "2026-03-29T01:30:00Z", False),
        # It goes from 03:00 back to 02:00 on 2026-10-25: both are inside, the window is an hour longer.
        (SPRING, "2026-10-25T00:15:00Z", True),
        (SPRING, "2026-10-25T01:15:00Z", True),
        (SPRING, "2026-10-25T02:15:00Z", True),
        (SPRING, "2026-10-25T02:30:00Z", False),
    ],
)
def test_a_window_is_a_stretch_of_the_wall_clock_of_its_zone(window: dict[str, Any], time: str, inside: bool) -> None:  # noqa: FBT001
    windows = (WindowConfig.model_validate(window),)
    assert (inside, not inside) == (Active(windows).holds(at(time)), Muted(windows).holds(at(time)))


@pytest.mark.parametrize("time", [None, "soon"])
def test_an_event_without_a_time_is_outside(time: str | None) -> None:
    windows = (WindowConfig(zone="UTC"),)
    assert (False, True) == (Active(windows).holds(at(time)), Muted(windows).holds(at(time)))


@pytest.mark.parametrize(
    ("zone", "time", "inside"),
    [
        ("UTC", "0001-01-01T00:00:00Z", True),
        ("America/New_York", "0001-01-01T00:00:00Z", False),
        ("UTC", "9999-12-31T23:59:59Z", True),
        ("Europe/Berlin", "9999-12-31T23:59:59Z", False),
    ],
)
def test_the_ends_of_the_calendar_are_times_too(zone: str, time: str, inside: bool) -> None:  # noqa: FBT001
    assert inside == Active((WindowConfig(zone=zone),)).holds(at(time))


def test_windows_say_what_they_are_and_what_they_saw() -> None:
    found = Active((WindowConfig.model_validate(NIGHT),)).finding(at("2026-11-27T04:00:00Z"))
    assert ("happened within fri 22:00-06:00 Europe/Berlin", '"2026-11-27T04:00:00Z"') == (found.wanted, found.saw)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-11-28T07:30:00Z", "2026-11-28T07:30:00+00:00"),
        ("2026-11-28T07:30:00.123456789Z", "2026-11-28T07:30:00.123456+00:00"),
        ("2026-11-28t07:30:00.5z", "2026-11-28T07:30:00.5+00:00"),
        ("2026-11-28T07:30:00.123456789+01:00", "2026-11-28T06:30:00.123456+00:00"),
        ("2026-11-28T07:30:00-05:30", "2026-11-28T13:00:00+00:00"),
        ("2016-12-31t23:59:60.5z", "2016-12-31T23:59:59.5+00:00"),
        ("2017-01-01T00:59:60+01:00", "2016-12-31T23:59:59+00:00"),
    ],
)
def test_every_spelling_of_a_time_is_read(text: str, instant: str) -> None:
    assert datetime.fromisoformat(instant) == happened(at(text))
