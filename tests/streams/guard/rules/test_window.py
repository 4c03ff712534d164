from __future__ import annotations

from typing import Any

import pytest

from streams.guard.rules import window
from tests.streams.guard.asking import NOW, question, request, sink

NOW_ = {"zone": "Europe/Berlin", "days": "thu", "from": "22:00", "to": "23:00"}
EARLIER = {"zone": "UTC", "days": "thu", "from": "08:00", "to": "17:00"}


@pytest.mark.parametrize(
    ("general", "sinks", "reason"),
    [
        ({}, {}, None),
        ({"active_windows": [NOW_]}, {}, None),
        ({"active_windows": [EARLIER, NOW_]}, {"active_windows": [NOW_]}, None),
        ({"active_windows": [EARLIER]}, {}, "outside of active_windows (thu 08:00-17:00 UTC)"),
        ({"active_windows": [NOW_]}, {"active_windows": [EARLIER]}, "outside of active_windows"),
        ({"mute_windows": [EARLIER]}, {"mute_windows": [EARLIER]}, None),
        ({"mute_windows": [NOW_]}, {}, "inside of mute_windows (thu 22:00-23:00 Europe/Berlin)"),
        ({}, {"mute_windows": [EARLIER, NOW_]}, "inside of mute_windows"),
        ({"active_windows": [NOW_]}, {"mute_windows": [NOW_]}, "inside of mute_windows"),
    ],
)
def test_all_windows_of_both_hold(general: dict[str, Any], sinks: dict[str, Any], reason: str | None) -> None:
    found = window.check(question(sink=sink(**sinks), **general))
    assert (found is None) if reason is None else (reason in (found or ""))


def test_our_clock_counts_not_the_events() -> None:
    asked = request(caused={"time": NOW - 6 * 3600})
    assert "outside" in (window.check(question(asked, active_windows=[EARLIER])) or "")
