"""What is to be asked of an event, so that what many routes ask is asked once."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

from streams.filters.condition import Needs, equality_of

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Sequence

    from streams.filters.condition import Condition, Question
    from streams.filters.view import View

DEEPEST: Final = 6
"""Levels of sharing; below them routes are asked one by one."""


class Open(NamedTuple):
    """A route that is not decided yet.

    Attributes:
        place: its place in the configuration.
        conditions: what is left to ask, cheapest first.
    """

    place: int
    conditions: tuple[Condition, ...]

    @property
    def size(self) -> int:
        """How often ``Questions`` keep it at most."""
        return max((len(found.wanted) for each in self.conditions if (found := equality_of(each))), default=1)


class Questions:
    """Some undecided routes.

    Those whose cheapest condition compares a value are found by hash; the others are grouped by a cheap condition
    they share, which is asked once for all of them. Inside it goes on in the same manner, so that data is looked at
    only for routes whose attributes fit.

    Cost for one event: no route is asked twice, however often an array repeats what it wants. Memory: some 600 bytes
    for each route and each value that it compares with.
    """

    __slots__ = ("_cases", "_decided", "_elements", "_groups", "_singles")

    def __init__(self, routes: Iterable[Open], depth: int = 0) -> None:
        given = tuple(routes)
        self._decided = [route.place for route in given if not route.conditions]
        self._singles: list[Open] = []
        self._cases: dict[Question, dict[Hashable, Questions]] = {}
        self._elements: dict[Question, dict[Hashable, list[Open]]] = {}
        self._groups: list[tuple[Condition, Questions]] = []
        undecided = [route for route in given if route.conditions]
        if len(undecided) == 1 or depth >= DEEPEST:
            self._singles = undecided
        else:
            self._share(undecided, depth)

    def _share(self, undecided: Sequence[Open], depth: int) -> None:
        cases: dict[Question, dict[Hashable, list[Open]]] = {}
        groups: dict[Condition, list[Open]] = {}
        shared = Counter(condition for route in undecided for condition in route.conditions)
        for route in undecided:
            needs = route.conditions[0].needs
            cheapest = [condition for condition in route.conditions if condition.needs == needs]
            equalities = ((each, found) for each in cheapest if (found := equality_of(each)) is not None)
            first, equality = next(equalities, (None, None))
            if first is None or equality is None:
                first = max(cheapest, key=shared.__getitem__)
                groups.setdefault(first, []).append(_without(route, first))
                continue
            # What is left is shared only where a route lies below one value and an event has one: otherwise it would
            # be kept once for each value of the route, and asked once for each of the event.
            hashed = cases if needs == Needs.ATTRIBUTES and len(equality.wanted) == 1 else self._elements
            values = hashed.setdefault(equality.question, {})
            left = _without(route, first)
            for value in equality.wanted:
                values.setdefault(value, []).append(left)
        self._cases = {
            question: {value: Questions(routes, depth + 1) for value, routes in values.items()}
            for question, values in cases.items()
        }
        self._groups = [(condition, Questions(routes, depth + 1)) for condition, routes in groups.items()]

    def ask(self, view: View, found: set[int]) -> None:
        """Add the places of the routes that the event takes to ``found``."""
        found.update(self._decided)
        for place, conditions in self._singles:
            if _all_hold(conditions, view):
                found.add(place)
        for question, cases in self._cases.items():
            for answer in question.answers(view):
                if (inner := cases.get(answer)) is not None:
                    inner.ask(view, found)
        for condition, inner in self._groups:
            if condition.holds(view):
                inner.ask(view, found)
        for question, elements in self._elements.items():
            asked: dict[int, tuple[Condition, ...]] = {}
            for answer in set(question.answers(view)):
                asked.update(elements.get(answer, ()))
            found.update(place for place, conditions in asked.items() if _all_hold(conditions, view))


def _without(route: Open, condition: Condition) -> Open:
    return Open(route.place, tuple(each for each in route.conditions if each != condition))


def _all_hold(conditions: tuple[Condition, ...], view: View) -> bool:
    for condition in conditions:  # noqa: SIM110 - a generator would double the cost of a usual event
        if not condition.holds(view):
            return False
    return True
