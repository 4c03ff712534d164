from __future__ import annotations

import pytest

from ingest.vcenter.position.incarnation import is_reborn
from ingest.vcenter.position.keys import KeyRanges
from tests.ingest.vcenter.events import at


@pytest.mark.parametrize(
    ("key", "seconds", "expected", "why"),
    [
        (1011, 1.0, False, "the next event"),
        (1005, 0.0, False, "a known event, read again"),
        (1005, 0.001, True, "a known key, created after everything known"),
        (999, 0.5, False, "two events at one moment change places"),
        (999, 1.5, True, "a smaller key, too late for that"),
        (899, 0.001, True, "a key too far below for that"),
        (900, 0.001, False, "just near enough"),
        (999, -30.0, False, "an event committed late"),
        (5, -30.0, False, "an old event"),
        (-(2**31), 0.001, True, "the counter has rolled over"),
    ],
)
def test_only_a_later_event_with_a_used_or_smaller_key_begins_an_incarnation(
    key: int, seconds: float, *, expected: bool, why: str
) -> None:
    assert expected == is_reborn(key, at(seconds), seen=KeyRanges([(1000, 1010)]), latest=at(0)), why


def test_the_first_event_of_all_begins_none() -> None:
    assert not is_reborn(-7, at(100), seen=KeyRanges(), latest=at(0))
