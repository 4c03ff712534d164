"""Why an event takes a route, or does not: every condition that fails, with what it saw."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from schemas.config.document import dotted
from streams.filters.condition import Finding
from streams.routing.anchors import ANCHORS
from streams.routing.arrival import arrivals
from streams.routing.route import compile_route

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from schemas.config import RouteConfig
    from streams.filters.compilation import Found
    from streams.filters.view import View
    from streams.routing.arrival import Arrival
    from streams.routing.route import Route
    from streams.routing.specimen import Specimen


@dataclass(frozen=True, slots=True)
class Explanation:
    """What one route says of one event.

    Attributes:
        enabled: whether it acts at all.
        failures: every condition that does not hold, cheapest first; empty when all do. What cannot be compiled, such
            as the pattern of a rule that was changed elsewhere, is a failure, for it takes no event.
        conditions: how many conditions it has.
        compiled: the route itself.
        throttle: how many of the events that match pass, in words; None when all do.
    """

    enabled: bool
    failures: tuple[Finding, ...]
    conditions: int
    compiled: Route
    throttle: str | None = None

    @property
    def route(self) -> str:
        """Its name."""
        return self.compiled.name

    @property
    def sinks(self) -> tuple[str, ...]:
        """Where it leads."""
        return self.compiled.sinks

    @property
    def matches(self) -> bool:
        """Whether the event takes the route."""
        return self.enabled and not self.failures

    @property
    def distance(self) -> tuple[bool, int, int]:
        """How far it was from matching; sorts: another kind of event is far away, then every failure counts."""
        other = any(each.where in ANCHORS for each in self.failures)
        return other, len(self.failures) + (not self.enabled), -self.conditions


def explain(
    routes: Iterable[RouteConfig], view: View, rules: Mapping[str, Mapping[str, Any]] | None = None
) -> tuple[Explanation, ...]:
    """What every route says of the event, in their order; ``outcome`` says what then becomes of it.

    Every condition is asked, also behind one that fails: O(routes).

    Args:
        routes: of a configuration that was checked.
        view: the event, with the inventory that conditions may ask.
        rules: EventBridge patterns by the ARN of their rule, as far as they were fetched.
    """
    return tuple(_explained(config, view, rules) for config in routes)


def outcome(explanations: Iterable[Explanation], specimen: Specimen, limit: int) -> tuple[Arrival, ...]:
    """What the sinks get of the event, when these are all the routes there are.

    Args:
        explanations: of the event.
        specimen: the event.
        limit: largest record that the sinks' topics take, in bytes.
    """
    return arrivals((each.compiled for each in explanations if each.matches), specimen, limit)


def nearest_miss(explanations: Iterable[Explanation]) -> Explanation | None:
    """Of the routes that the event does not take, the one that it came nearest to."""
    return min((each for each in explanations if not each.matches), key=lambda each: each.distance, default=None)


def _explained(config: RouteConfig, view: View, rules: Mapping[str, Mapping[str, Any]] | None) -> Explanation:
    route, faults = compile_route(config, rules)
    failures = (
        *(each.finding(view) for each in route.conditions if not each.holds(view)),
        *(_incomplete(fault) for fault in faults[:1]),
    )
    throttle = str(config.throttle) if config.throttle else None
    return Explanation(config.enabled, failures, len(route.conditions) + bool(faults), route, throttle)


def _incomplete(fault: Found) -> Finding:
    return Finding(dotted(fault.at).removeprefix("match."), "can be compiled", f"that it {fault.what} — {fault.cure}")
