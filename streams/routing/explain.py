"""Why an event takes a route, or does not: the first condition that fails, with what it saw."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from streams.routing.anchors import ANCHORS
from streams.routing.route import compile_route

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from schemas.config import RouteConfig
    from streams.filters.condition import Finding
    from streams.filters.view import View


@dataclass(frozen=True, slots=True)
class Explanation:
    """What one route says of one event.

    Attributes:
        route: its name.
        enabled: whether it acts at all.
        sinks: where it leads.
        failures: every condition that does not hold, cheapest first; empty when all do.
        conditions: how many conditions it has.
        throttle: how many of the events that match pass, in words; None when all do.
    """

    route: str
    enabled: bool
    sinks: tuple[str, ...]
    failures: tuple[Finding, ...]
    conditions: int
    throttle: str | None = None

    @property
    def matches(self) -> bool:
        """Whether the event takes the route."""
        return self.enabled and not self.failures

    @property
    def near(self) -> tuple[bool, int, int]:
        """How near it came: another kind of event is far away; then fewer failures, then more that holds."""
        other = any(each.where in ANCHORS for each in self.failures)
        return other, len(self.failures) + (not self.enabled), -self.conditions


def explain(
    routes: Iterable[RouteConfig], view: View, rules: Mapping[str, Mapping[str, Any]] | None = None
) -> tuple[Explanation, ...]:
    """What every route says of the event, in their order.

    Every condition is asked, also behind one that fails: O(routes).

    Args:
        routes: of a configuration that was checked.
        view: the event.
        rules: EventBridge patterns by the ARN of their rule, as far as they were fetched.
    """
    return tuple(_explained(config, view, rules) for config in routes)


def nearest_miss(explanations: Iterable[Explanation]) -> Explanation | None:
    """Of the routes that the event does not take, the one that it came nearest to."""
    return min((each for each in explanations if not each.matches), key=lambda each: each.near, default=None)


def _explained(config: RouteConfig, view: View, rules: Mapping[str, Mapping[str, Any]] | None) -> Explanation:
    route, _ = compile_route(config, rules)
    failures = tuple(each.finding(view) for each in route.conditions if not each.holds(view))
    throttle = str(config.throttle) if config.throttle else None
    return Explanation(config.name, config.enabled, config.to, failures, len(route.conditions), throttle)
