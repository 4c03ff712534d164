"""What remains to be asked of an event once its subject and type are known."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

from streams.filters.condition import equality_of
from streams.routing.matches import Matches, combine

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Sequence

    from streams.filters.condition import Condition, Question
    from streams.filters.view import View
    from streams.routing.route import Route

REMEMBERED: Final = 1_024
"""Sets of routes that matched together, kept with what they come to."""

Open = tuple["Route", tuple["Condition", ...]]
"""A route, and its conditions that are not decided yet."""


class Plan:
    """The routes that come into question for one subject and type.

    Routes whose conditions are all decided are settled. Those that compare a value are found by hash. The others
    are grouped by a condition they share, which is asked once for all of them.

    Args:
        settled: routes that match every event of this subject and type.
        undecided: routes with what is left to ask, in the order of the configuration.
        routes: every route of the configuration, in its order.
        order: place of each route there, by its name.
    """

    def __init__(
        self, settled: Iterable[Route], undecided: Iterable[Open], routes: Sequence[Route], order: dict[str, int]
    ) -> None:
        self._settled = tuple(settled)
        self._routes = routes
        self._order = order
        self._combined: dict[frozenset[int], Matches] = {}
        self.matches = combine(self._settled)
        self._hashed: dict[Question, dict[Hashable, list[Open]]] = defaultdict(lambda: defaultdict(list))
        others = []
        for route, conditions in undecided:
            hashed = next((each for each in conditions if equality_of(each)), None)
            if hashed is None or not (equality := equality_of(hashed)):
                others.append((route, conditions))
                continue
            rest = tuple(each for each in conditions if each is not hashed)
            for value in equality.wanted:
                self._hashed[equality.question][value].append((route, rest))
        self._groups = _grouped(others)
        self.plain = not self._hashed and not self._groups

    def match(self, view: View) -> Matches:
        """The records that the event comes to."""
        if self.plain:
            return self.matches
        found = frozenset(self._order[route.name] for route in self._found(view))
        if not found:
            return self.matches
        matches = self._combined.get(found)
        if matches is None:
            matches = self._combine(found)
        return matches

    def _combine(self, found: frozenset[int]) -> Matches:
        if len(self._combined) >= REMEMBERED:
            self._combined.clear()
        settled = {self._order[route.name] for route in self._settled}
        matches = combine(self._routes[place] for place in sorted(found | settled))
        self._combined[found] = matches
        return matches

    def _found(self, view: View) -> Iterator[Route]:
        for question, cases in self._hashed.items():
            for answer in question.answers(view):
                for route, conditions in cases.get(answer, ()):
                    if all(each.holds(view) for each in conditions):
                        yield route
        for shared, members in self._groups:
            if shared.holds(view):
                for route, conditions in members:
                    if all(each.holds(view) for each in conditions):
                        yield route


def _grouped(undecided: Iterable[Open]) -> list[tuple[Condition, list[Open]]]:
    """The routes by the cheapest of their conditions, of those the one that most of them share."""
    routes = list(undecided)
    shared = Counter(condition for _, conditions in routes for condition in conditions)
    groups: dict[Condition, list[Open]] = {}
    for route, conditions in routes:
        first = min(conditions, key=lambda each: (each.needs, -shared[each]))
        groups.setdefault(first, []).append((route, tuple(each for each in conditions if each is not first)))
    return list(groups.items())
