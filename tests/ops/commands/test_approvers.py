"""Who may say yes is who it was granted to; nobody says yes to himself."""

from __future__ import annotations

from typing import Any

import pytest

from ops.commands.approvers import approvers
from tests.ops.commands.giving import commands


@pytest.mark.parametrize(
    ("grant", "requester", "expected"),
    [
        ({"to": ["operators", "ben"]}, "eve", ["anna", "ben"]),
        ({"to": ["operators", "ben"]}, "anna", ["ben"]),
        ({"to": ["operators", "ben"]}, "cli/ben", ["anna"]),
        ({"to": ["ben"], "vcenters": ["vc2"]}, "anna", []),
        ({"to": ["ben"], "channels": ["T1A/C1A"]}, "anna", ["ben"]),
        ({"to": ["ben"], "verbs": ["refuse"]}, "anna", []),
    ],
)
def test_those_may_whom_it_was_granted(grant: dict[str, Any], requester: str, expected: list[str]) -> None:
    section = commands(grants=[{"verbs": ["approve"], **grant}])
    assert expected == approvers(section, requester, "vc1")
