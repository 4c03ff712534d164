from __future__ import annotations

import pytest

from streams.remediation.executing.notebook import LONGEST, MOST, bounded


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
