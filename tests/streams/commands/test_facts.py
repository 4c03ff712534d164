"""What the audit says of a step, whoever wrote it."""

from __future__ import annotations

from typing import Any

import pytest

from streams.commands.facts import Facts


def facts(parameters: Any = None, more: Any = None, until: str = "") -> Facts:
    named = {"verb": "clone", "id": "a" * 16, "vm": "web", "vcenter": "vc1", "said": "clone web"}
    return Facts.of(**named, until=until, parameters=parameters, more=more)


@pytest.mark.parametrize(
    ("more", "until", "parameters", "expected"),
    [
        ({"expires": 1_800_000_000}, "T1", {"lease": "T2"}, "2027-01-15T08:00:00Z"),
        ({}, "T1", {"lease": "T2"}, "T1"),
        ({}, "", {"lease": "T2"}, "T2"),
        ({"expires": "soon"}, "", {"lease": 5}, ""),
    ],
)
def test_until_when_is_said_by_the_step_before_the_request(
    more: Any, until: str, parameters: Any, expected: str
) -> None:
    assert expected == facts(parameters, more, until).until


@pytest.mark.parametrize("strange", [None, [], "x", {"reason": 5, "source": [], "rule": None, "percent": "9"}])
def test_what_is_of_no_use_is_left_out(strange: Any) -> None:
    found = facts(strange, strange)
    assert ("", "", "", (), None) == (found.source, found.reason, found.rule, found.changes, found.percent)
