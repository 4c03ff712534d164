"""The compiled routes: an event costs its own subject's routes, not everybody's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from schemas.errors import InvalidEvent
from streams.filters.condition import needs_of, reads_of
from streams.filters.view import View
from streams.routing.anchors import ANCHORS, Anchors
from streams.routing.plan import Open, Plan

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streams.filters.condition import Condition
    from streams.routing.matches import Matches
    from streams.routing.route import Route

REMEMBERED: Final = 16_384
"""Plans kept, one for each pair of subject and type; hostile senders may make up any number of them."""

_DECIDED = frozenset(ANCHORS)

Key = tuple[bytes | None, bytes | None]


class RouteIndex:
    """An immutable index of routes.

    The first event of a subject and type decides every condition that depends on nothing else, and the plan is
    kept: O(candidates) then, O(1) for the events after it plus what is left to ask of each. Data is parsed when a
    route that still comes into question needs it, and then once.
    """

    def __init__(self, routes: Iterable[Route]) -> None:
        self.routes = tuple(routes)
        self.needs = needs_of(tuple(condition for route in self.routes for condition in route.conditions))
        self._order = {route.name: place for place, route in enumerate(self.routes)}
        self._anchors = Anchors(self.routes)
        self._plans: dict[Key, Plan] = {}

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
        if len(self._plans) >= REMEMBERED:
            self._plans.clear()
        plan = self._plans[key] = self._plan(key)
        return plan

    def _plan(self, key: Key) -> Plan:
        known = View.of_attributes(_decoded(key))
        settled: list[Route] = []
        undecided: list[Open] = []
        candidates = {route.name: route for route in self._anchors.candidates(dict(known.attributes))}
        for route in sorted(candidates.values(), key=lambda each: self._order[each.name]):
            decided, left = _split(route)
            if all(each.holds(known) for each in decided):
                if left:
                    undecided.append((route, left))
                else:
                    settled.append(route)
        return Plan(settled, undecided, self.routes, self._order)


def _decoded(key: Key) -> dict[str, str]:
    attributes = {}
    for name, raw in zip(ANCHORS, key, strict=True):
        if raw is not None:
            try:
                attributes[name] = raw.decode()
            except UnicodeDecodeError:
                raise InvalidEvent(f"ce_{name}: not UTF-8") from None
    return attributes


def _split(route: Route) -> tuple[tuple[Condition, ...], tuple[Condition, ...]]:
    """Conditions that subject and type decide, and the others."""
    decided: list[Condition] = []
    left: list[Condition] = []
    for condition in route.conditions:
        reads = reads_of(condition)
        (decided if reads is not None and reads <= _DECIDED else left).append(condition)
    return tuple(decided), tuple(left)
