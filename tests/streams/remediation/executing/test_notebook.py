from __future__ import annotations

from typing import Any

import pytest

from sinks.vsphere.actions import Plan
from streams.remediation.executing.notebook import LARGEST, LONGEST, MOST, bounded, found_by


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ((), ()),
        (("one",), ("one",)),
        (("x" * (LONGEST + 1),), ("x" * LONGEST,)),
        (tuple(map(str, range(MOST))), tuple(map(str, range(MOST)))),
        (tuple(map(str, range(MOST + 2))), (*map(str, range(MOST - 1)), "and 3 more")),
    ],
    ids=["none", "one", "long", "all", "many"],
)
def test_changes_are_written_down_as_far_as_there_is_room(changes: tuple[str, ...], expected: tuple[str, ...]) -> None:
    assert expected == bounded(changes)


@pytest.mark.parametrize(("bytes_", "kept"), [(LARGEST, True), (LARGEST + 1, False)])
def test_what_an_action_has_found_is_kept_or_the_audit_says_that_it_is_not(bytes_: int, *, kept: bool) -> None:
    before = {"a": "x" * (bytes_ - len('{"a":""}'))}
    expected = (
        {"before": before}
        if kept
        else {"before": {}, "irreversible": "what it had found takes more than the 65536 bytes that are kept"}
    )
    target: Any = None
    assert expected == found_by(Plan(target, (), before=before))
