"""What may be taken back, and by whom as his own."""

from __future__ import annotations

from typing import Any

import pytest

from streams.commanding.begun import Begun
from streams.commanding.known import Known
from streams.commands.undoing import PERSON, objection, undoable, whose
from tests.streams.guard.asking import entity


@pytest.mark.parametrize(
    ("person", "before", "owner"),
    [
        ("ben", {"owner": "anna"}, "ben"),
        (PERSON, {"owner": "anna"}, "anna"),
        (PERSON, {"owner": None}, PERSON),
        (PERSON, {"runtime.powerState": "poweredOn"}, PERSON),
        ("", {"owner": "anna"}, ""),
    ],
)
def test_it_is_who_has_asked_and_the_owner_where_a_lease_has_ended(
    person: str, before: dict[str, Any], owner: str
) -> None:
    assert owner == whose(Begun("0" * 16, "command/x", "quarantine", {}, before, entity(), person))


@pytest.mark.parametrize(
    ("action", "expected"), [("power-on", True), ("destroy", False), ("of another release", False)]
)
def test_some_actions_cannot_be_taken_back_by_anybody(action: str, *, expected: bool) -> None:
    assert expected == undoable(action)


@pytest.mark.parametrize(
    ("sink", "action", "step", "said"),
    [
        ("command/poweron", "power-on", "succeeded", None),
        ("command/poweron", "power-on", "unknown", None),
        ("command/poweron", "power-on", "started", "has not ended yet: it is started"),
        ("command/hardreset", "hard-reset", "succeeded", "hard-reset cannot be taken back"),
        ("act", "power-on", "succeeded", "Nobody has asked for"),
    ],
)
def test_people_take_back_what_people_have_asked_for_once_it_has_ended(
    sink: str, action: str, step: str, said: str | None
) -> None:
    begun = Begun("0" * 16, sink, action, {}, {"a": 1}, entity(), "anna")
    found = objection(begun, Known("0" * 16, step, "", action, "web-1", "vc1", "anna", "poweron", ""))
    assert (found is None) == (said is None)
    assert (said or "") in (found or "")
