from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from ingest.vcenter.position.keys import KeyRanges

if TYPE_CHECKING:
    from collections.abc import Iterable

KEYS = st.integers(-20, 20)
SPANS = st.tuples(KEYS, KEYS).map(lambda pair: (min(pair), max(pair)))
STEPS = st.lists(st.tuples(st.sampled_from(["add", "discard"]), SPANS), max_size=30)


def carried_out(steps: Iterable[tuple[str, tuple[int, int]]]) -> tuple[set[int], KeyRanges]:
    plain: set[int] = set()
    ranges = KeyRanges()
    for step, (first, last) in steps:
        if step == "add":
            plain |= set(range(first, last + 1))
            ranges.add(first, last)
        else:
            plain -= set(range(first, last + 1))
            ranges.discard(first, last)
    return plain, ranges


@given(STEPS)
def test_it_holds_what_a_plain_set_holds(steps: list[tuple[str, tuple[int, int]]]) -> None:
    plain, ranges = carried_out(steps)
    assert plain == {key for key in range(-25, 26) if key in ranges}
    assert (min(plain) if plain else None) == ranges.lowest


@given(STEPS)
def test_its_ranges_are_sorted_and_never_touch(steps: list[tuple[str, tuple[int, int]]]) -> None:
    _, ranges = carried_out(steps)
    pairs = ranges.ranges
    assert len(pairs) == len(ranges)
    assert all(first <= last for first, last in pairs)
    assert all(before[1] + 1 < after[0] for before, after in pairwise(pairs))


@given(STEPS)
def test_it_is_made_again_from_its_ranges(steps: list[tuple[str, tuple[int, int]]]) -> None:
    _, ranges = carried_out(steps)
    assert ranges.ranges == KeyRanges(ranges.ranges).ranges
