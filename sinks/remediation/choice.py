"""Which of several objects to act on: as few as will do, and of those the ones that weigh least."""

from __future__ import annotations

from itertools import combinations
from math import comb
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

TRIED: Final = 20_000
"""Combinations of which the lightest is looked for; of more only a light one is."""


def number(need: int, weights: Collection[int]) -> int | None:
    """How few of the weights make up the need together; None when all of them do not. O(n log n)."""
    total = 0
    for count, weight in enumerate(sorted(weights, reverse=True), 1):
        total += weight
        if total >= need:
            return count
    return None


def fewest(need: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Places of as few weights as make up the need together, the heaviest first; none when all together do not.

    Of the choices of so few it is the one with the least sum, if there are ``TRIED`` of them at most, or if one weight
    is enough; otherwise each is as light as the others let it be. The same weights always give the same places.

    Args:
        need: what the sum must be at least; above 0.
        weights: 0 or more; O(n log n + nk) in them and in the number of those that are chosen, beside what ``TRIED``
            bounds.
    """
    order = sorted(range(len(weights)), key=lambda place: (-weights[place], place))
    heaviest = [weights[place] for place in order]
    count = number(need, weights)
    if count is None:
        return ()
    way = _lightest if comb(len(order), count) <= TRIED else _light
    return tuple(order[rank] for rank in way(need, heaviest, count))


def _lightest(need: int, heaviest: Sequence[int], count: int) -> Sequence[int]:
    """Ranks of the lightest so many that are enough."""
    choices = combinations(range(len(heaviest)), count)
    sums = ((sum(heaviest[rank] for rank in ranks), ranks) for ranks in choices)
    return min(each for each in sums if each[0] >= need)[1]


def _light(need: int, heaviest: Sequence[int], count: int) -> Sequence[int]:
    """Ranks of so many that are enough: the heaviest, each in turn changed for the lightest that still will do."""
    chosen = set(range(count))
    total = sum(heaviest[:count])
    for own in range(count):
        least = need - (total - heaviest[own])
        enough = (rank for rank in reversed(range(len(heaviest))) if heaviest[rank] >= least)
        other = next((rank for rank in enough if rank not in chosen), own)
        if heaviest[other] < heaviest[own]:
            total += heaviest[other] - heaviest[own]
            chosen = chosen - {own} | {other}
    return sorted(chosen)
