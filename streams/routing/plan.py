"""What remains to be asked of an event once its subject and type are known."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from streams.filters.condition import equality_of
from streams.routing.matches import Matches, combine

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator

    from streams.filters.condition import Condition, Question
    from streams.filters.view import View
    from streams.routing.route import Route

Open = tuple["Route", tuple["Condition", ...]]
"""A route, and its conditions that are not decided yet."""


class Plan:
    """The routes that come into question for one subject and type.

    Routes whose conditions are all decided are settled. Those that compare a value are found by hash. The others
    are grouped by a condition they share, which is asked once for all of them.

    Args:
        settled: routes that match every event of this subject and type.
        undecided: routes with what is left to ask, in the order of the configuration.
        order: place of each route in the configuration, by its name.
    """

    def __init__(self, settled: Iterable[Route], undecided: Iterable[Open], order: dict[str, int]) -> None:
        self._settled = tuple(settled)
        self._order = order
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
        found = {route.name: route for route in self._found(view)}
        if not found:
            return self.matches
        routes = [*self._settled, *found.values()]
        return combine(sorted(routes, key=lambda route: self._order[route.name]))

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
