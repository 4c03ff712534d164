from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ops.trail.wanted import Wanted
from tests.streams.guard.asking import NOW
from tests.streams.trail.entries import other, step

AT = datetime.fromtimestamp(NOW, UTC)
STEP = step("approved", approver="cli/anna")


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"entity": "WEB-*"},
        {"entity": "vc1/vm-?"},
        {"action_id": STEP.action_id[:4]},
        {"actor": "anna"},
        {"actor": "cli/*"},
        {"actor": "sink/act"},
        {"type": "remediation.*"},
        {"type": "com.reflexarc.remediation.approved"},
        {"since": AT, "until": AT + timedelta(seconds=1)},
    ],
)
def test_an_entry_that_fits_is_taken(given: dict[str, Any]) -> None:
    """By any of its names, whatever their case."""
    assert Wanted(**given).takes(STEP)


@pytest.mark.parametrize(
    "given",
    [
        {"entity": "db-*"},
        {"action_id": "nothing"},
        {"actor": "eve"},
        {"type": "remediation"},
        {"since": AT + timedelta(seconds=1)},
        {"until": AT},
        {"entity": "web-1", "actor": "eve"},
    ],
)
def test_all_that_is_given_has_to_fit(given: dict[str, Any]) -> None:
    """One that does not is enough."""
    assert not Wanted(**given).takes(STEP)


def test_what_has_no_action_has_no_id_that_begins_so() -> None:
    """Not even with the empty one."""
    assert not Wanted(action_id="").takes(other())
