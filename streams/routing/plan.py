"""What remains to be asked of an event once its subject and type are known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from streams.routing.matches import Matches, combine

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from streams.filters.view import View
    from streams.routing.questions import Questions
    from streams.routing.route import Route

MOST: Final = 200_000
"""Names of routes in remembered combinations, all plans together: some 50 MB."""


class Combinations:
    """Sets of routes that matched together, with what they come to; forgotten when they become too many."""

    def __init__(self, routes: Sequence[Route]) -> None:
        self._routes = routes
        self._known: dict[tuple[int, frozenset[int]], Matches] = {}
        self._size = 0

    def of(self, plan: Plan, found: frozenset[int]) -> Matches:
        """The records for what a plan has settled, and for the places ``found`` on top."""
        key = (plan.number, found)
        matches = self._known.get(key)
        if matches is None:
            matches = combine(self._routes[place] for place in sorted(found.union(plan.settled)))
            self._size += 1 + len(found) + sum(len(chosen.routes) for chosen in matches.values())
            if self._size > MOST:
                self._known.clear()
                self._size = 0
            self._known[key] = matches
        return matches


class Plan:
    """The routes that come into question for some subjects and types.

    Args:
        number: its own among the plans of one index.
        settled: places of the routes that match every such event.
        questions: what is to be asked for the others.
        combinations: remembers what routes come to together.
        routes: every route of the configuration, in its order.
    """

    __slots__ = ("_combinations", "_questions", "matches", "number", "plain", "settled")

    def __init__(
        self,
        number: int,
        settled: Iterable[int],
        questions: Iterable[Questions],
        combinations: Combinations,
        routes: Sequence[Route],
    ) -> None:
        self.number = number
        self.settled = tuple(settled)
        self.matches = combine(routes[place] for place in sorted(self.settled))
        self._questions = tuple(questions)
        self._combinations = combinations
        self.plain = not self._questions

    def match(self, view: View) -> Matches:
        """The records that the event comes to."""
        found: set[int] = set()
        for questions in self._questions:
            questions.ask(view, found)
        return self._combinations.of(self, frozenset(found)) if found else self.matches
