"""Routes that lead to one sink, and would each give it the event in another form."""

from __future__ import annotations

from itertools import combinations, islice
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from schemas.config import RouteConfig

MOST_PAIRS: Final = 100_000
"""Pairs looked at for one sink."""

_TEXTS: Final = ("subject", "type", "vcenter", "source")


class Overlap(NamedTuple):
    """One event may take both, and the transform of the first counts."""

    sink: str
    first: str
    second: str


def overlaps(routes: Iterable[RouteConfig]) -> Iterator[Overlap]:
    """The first such pair for each sink, in the order of the configuration.

    Two that ask for different texts of one attribute are none; whether others can meet in one event is not looked at.
    """
    leading: dict[str, list[RouteConfig]] = {}
    for route in routes:
        for sink in route.to if route.enabled else ():
            leading.setdefault(sink, []).append(route)
    for sink, those in leading.items():
        for first, second in islice(combinations(those, 2), MOST_PAIRS):
            if first.transform != second.transform and not _apart(first, second):
                yield Overlap(sink, first.name, second.name)
                break


def _apart(first: RouteConfig, second: RouteConfig) -> bool:
    """Whether no event can take both, as far as the texts of one attribute tell."""
    for name in _TEXTS:
        one, other = getattr(first.match, name), getattr(second.match, name)
        if one and other and not any("*" in text for text in (*one, *other)) and set(one).isdisjoint(other):
            return True
    return False
