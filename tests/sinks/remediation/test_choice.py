from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sinks.remediation import choice
from sinks.remediation.choice import fewest

WEIGHTS = st.lists(st.integers(0, 50), max_size=8)


def best(need: int, weights: list[int]) -> tuple[int, int] | None:
    """How few are enough, and the least sum of so few; by trying every choice there is."""
    for number in range(1, len(weights) + 1):
        sums = [sum(each) for each in combinations(weights, number) if sum(each) >= need]
        if sums:
            return number, min(sums)
    return None


@pytest.mark.parametrize(
    ("need", "weights", "expected"),
    [
        (10, [], ()),
        (10, [4, 5], ()),
        (10, [100, 11, 10, 9], (2,)),
        (10, [4, 6, 5], (1, 0)),
        (10, [10, 10], (0,)),
        (1, [0, 0], ()),
        (12, [3, 4, 5, 1], (2, 1, 0)),
    ],
)
def test_as_few_as_will_do_are_chosen_and_of_those_the_lightest(
    need: int, weights: list[int], expected: tuple[int, ...]
) -> None:
    assert expected == fewest(need, weights)


@given(st.integers(1, 200), WEIGHTS)
def test_no_choice_has_fewer_or_is_lighter(need: int, weights: list[int]) -> None:
    found = fewest(need, weights)
    assert best(need, weights) == ((len(found), sum(weights[place] for place in found)) if found else None)
    assert len(found) == len({*found})


@given(st.integers(1, 200), WEIGHTS)
def test_of_too_many_to_try_as_few_are_chosen_none_of_which_could_be_lighter(need: int, weights: list[int]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(choice, "TRIED", 0)
        found = fewest(need, weights)
    exact = best(need, weights)
    chosen = [weights[place] for place in found]
    others = [weight for place, weight in enumerate(weights) if place not in found]
    assert (None if exact is None else exact[0]) == (len(found) or None)
    assert not found or need <= sum(chosen)
    lighter = [(own, other) for own in chosen for other in others if need - sum(chosen) + own <= other < own]
    assert [] == lighter


@given(st.integers(1, 200), WEIGHTS)
def test_the_heaviest_comes_first(need: int, weights: list[int]) -> None:
    chosen = [weights[place] for place in fewest(need, weights)]
    assert sorted(chosen, reverse=True) == chosen


def test_of_thousands_a_few_are_chosen_at_once() -> None:
    weights = [1000 + number for number in range(5000)]
    found = fewest(20_000, weights)
    assert (4, 20_000) == (len(found), sum(weights[place] for place in found))
