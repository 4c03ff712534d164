"""The compiled routes: an event costs its own subject's routes, not everybody's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from schemas.errors import InvalidEvent
from streams.filters.condition import needs_of, reads_of
from streams.filters.view import View
from streams.routing.anchors import ANCHORS, Anchors, anchors_of
from streams.routing.plan import Combinations, Plan
from streams.routing.questions import Open, Questions

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streams.filters.condition import Condition
    from streams.routing.matches import Matches
    from streams.routing.route import Route

REMEMBERED: Final = 16_384
"""Pairs of subject and type whose plan is remembered; hostile senders may make up any number of them."""

LONGEST: Final = 512
"""Bytes of subject and type that are remembered."""

MOST: Final = 200_000
"""Routes in all plans together, each counted in every plan as often as it is kept there: some 100 MB."""

_DECIDED = frozenset(ANCHORS)

Key = tuple[bytes | None, bytes | None]


class _Split(NamedTuple):
    """A route by what subject and type decide."""

    decided: tuple[Condition, ...]
    open: Open


class RouteIndex:
    """An immutable index of routes.

    The first event of a subject and type decides every condition that depends on nothing else. Subjects and types
    for which the same routes are left share one plan, which is kept: O(candidates) then, O(1) for the events after it
    plus what is left to ask of each. Data is parsed when a route that still comes into question needs it, and then
    once. What is kept is bounded, whatever subjects are made up.
    """

    def __init__(self, routes: Iterable[Route]) -> None:
        self.routes = tuple(routes)
        self.needs = needs_of(tuple(condition for route in self.routes for condition in route.conditions))
        self._anchors = Anchors()
        self._splits: dict[int, _Split] = {}
        always: list[Open] = []
        for place, route in enumerate(self.routes):
            split, anchors = _split(place, route), anchors_of(route.conditions)
            if anchors is None and not split.decided:
                always.append(split.open)
            else:
                self._anchors.add(place, anchors)
                self._splits[place] = split
        self._settled = tuple(route.place for route in always if not route.conditions)
        undecided = [route for route in always if route.conditions]
        self._always = (Questions(undecided),) if undecided else ()
        self._combinations = Combinations(self.routes)
        self._plans: dict[Key, Plan] = {}
        self._shared: dict[tuple[int, ...], Plan] = {}
        self._size = self._made = 0

    def match(self, view: View) -> Matches:
        """The records that an event comes to.

        Raises:
            InvalidEvent: its subject or type is not UTF-8.
        """
        key = view.key()
        plan = self._plans.get(key)
        if plan is None:
            plan = self._remember(key)
        return plan.matches if plan.plain else plan.match(view)

    def _remember(self, key: Key) -> Plan:
        plan = self._plan(key)
        if sum(map(len, filter(None, key))) <= LONGEST:
            if len(self._plans) >= REMEMBERED:
                self._plans.clear()
            self._plans[key] = plan
        return plan

    def _plan(self, key: Key) -> Plan:
        known = View.of_attributes(_decoded(key))
        candidates = sorted(set(self._anchors.candidates(known.attributes)))
        left = tuple(place for place in candidates if all(each.holds(known) for each in self._splits[place].decided))
        plan = self._shared.get(left)
        if plan is None:
            plan = self._share(left)
        return plan

    def _share(self, left: tuple[int, ...]) -> Plan:
        """The plan of all subjects and types that leave these routes."""
        routes = [self._splits[place].open for place in left]
        undecided = [route for route in routes if route.conditions]
        settled = (*self._settled, *(route.place for route in routes if not route.conditions))
        questions = (Questions(undecided), *self._always) if undecided else self._always
        self._made += 1
        plan = Plan(self._made, settled, questions, self._combinations, self.routes)
        self._size += 1 + sum(route.size for route in routes) + len(self._settled)
        if self._size > MOST:
            self._shared.clear()
            self._plans.clear()
            self._size = 0
        self._shared[left] = plan
        return plan


def _decoded(key: Key) -> dict[str, str]:
    attributes = {}
    for name, raw in zip(ANCHORS, key, strict=True):
        if raw is not None:
            try:
                attributes[name] = raw.decode()
            except UnicodeDecodeError:
                raise InvalidEvent(f"ce_{name}: not UTF-8") from None
    return attributes


def _split(place: int, route: Route) -> _Split:
    """Conditions that subject and type decide, and the others, cheapest first."""
    decided: list[Condition] = []
    left: list[Condition] = []
    for condition in route.conditions:
        reads = reads_of(condition)
        (decided if reads is not None and reads <= _DECIDED else left).append(condition)
    return _Split(tuple(decided), Open(place, tuple(sorted(left, key=lambda each: each.needs))))
