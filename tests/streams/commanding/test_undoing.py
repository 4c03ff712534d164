"""Who may take something back as his own."""

from __future__ import annotations

from typing import Any

import pytest

from streams.commanding.begun import Begun
from streams.commanding.undoing import PERSON, whose
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
