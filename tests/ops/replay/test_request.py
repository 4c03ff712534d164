from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from ops.replay.request import Request, offsets
from schemas.config.fault import Fault

SIX = datetime(2026, 1, 31, 6, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_the_beginning_is_in_it_and_the_end_is_not() -> None:
    request = Request(begin=SIX, end=SIX + SECOND, sinks=("a",))
    expected = [False, True, True, False]
    assert expected == [request.holds(SIX + SECOND * part) for part in (-0.5, 0, 0.5, 1)]


def test_without_times_every_event_is_in_it() -> None:
    assert Request(offsets={0: 7}, sinks=("a",)).holds(SIX)


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({}, "needs a beginning"),
        ({"begin": SIX, "offsets": {0: 1}}, "one of the two"),
        ({"begin": SIX, "end": SIX}, "asks for no time at all"),
        ({"begin": SIX, "late": 5}, "give --to"),
        ({"begin": SIX.replace(tzinfo=None)}, "timezone"),
        ({"begin": SIX, "sinks": ()}, "at least 1"),
    ],
)
def test_a_request_without_meaning_is_refused(fields: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        Request.model_validate({"sinks": ("a",), **fields})


def test_offsets_are_written_as_tap_shows_them() -> None:
    assert {0: 1200, 3: 1187} == offsets("0:1200, 3:1187")


@pytest.mark.parametrize("spelled", ["", "0", "0:", ":1", "a:1", "0:-1", "0:1,", "0:1,0:2", "²:1", f"0:{10**30}"])
def test_what_is_no_offset_is_refused(spelled: str) -> None:
    with pytest.raises(Fault):
        offsets(spelled)
