from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from ops.deadletters.selection import Selection, spoken_of
from ops.events.condition import condition
from tests.ops.deadletters.written import dead

if TYPE_CHECKING:
    from ops.deadletters.letter import State


@pytest.mark.parametrize("state", ["redriven", "dropped"])
def test_only_open_letters_are_meant_unless_others_are_asked_for(state: State) -> None:
    """What is settled is not settled again."""
    settled = replace(dead(1), state=state)
    assert (True, False, True) == (
        Selection().takes(dead(1)),
        Selection().takes(settled),
        Selection(states=(state,)).takes(settled),
    )


def test_the_time_begins_with_since_and_ends_before_until() -> None:
    """Two neighbouring stretches share no letter, and leave none out."""
    letter = dead(1)
    at, moment = letter.failed_at, timedelta(microseconds=1)
    assert (True, False) == (Selection(since=at).takes(letter), Selection(until=at).takes(letter))
    assert (False, True) == (Selection(since=at + moment).takes(letter), Selection(until=at + moment).takes(letter))


@pytest.mark.parametrize(
    ("text", "reason", "expected"),
    [
        ("HTTP 400", "HTTP 400: bad", True),
        ("^HTTP 4..", "HTTP 400: bad", True),
        ("^400", "HTTP 400: bad", False),
        ("bad (very", "so bad (very) it is", True),
        ("bad (very)", "so bad (very) it is", True),
        ("(?i)BAD", "so bad", True),
        ("(", "no bracket", False),
    ],
)
def test_a_reason_is_found_as_text_and_as_expression(text: str, reason: str, *, expected: bool) -> None:
    """What was copied from a listing is found, too."""
    assert expected == spoken_of(text)(reason)


def test_what_is_no_event_fulfils_no_condition() -> None:
    """But it is meant where no condition is given."""
    letter = replace(dead(1), headers=())
    anything = condition("{}")
    assert (True, False) == (Selection().takes(letter), Selection(where=(anything,)).takes(letter))
