"""One route, compiled: conditions that must all hold, and the sinks that then get the event."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from schemas.config.document import dotted
from schemas.errors import ConfigError, Problem
from streams.filters.compilation import Compilation
from streams.filters.compile import compile_match
from streams.routing.sample import Sample
from streams.routing.window import Active, Muted
from streams.throttling.grouping import Grouping
from streams.transforms.compile import compile_transform

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from schemas.config import RouteConfig, ThrottleConfig
    from streams.filters.compilation import Found
    from streams.filters.condition import Condition
    from streams.filters.view import View
    from streams.transforms.transform import Transform


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A rule as data.

    Attributes:
        name: unique among the routes.
        sinks: where a matching event goes.
        conditions: all must hold; cheapest first.
        transform: how a matching event is reshaped; None: not at all.
        grouping: how its throttle tells events apart; None when it has none.
    """

    name: str
    sinks: tuple[str, ...]
    conditions: tuple[Condition, ...] = ()
    transform: Transform | None = None
    grouping: Grouping | None = None

    def matches(self, view: View) -> bool:
        """Whether an event takes this route; the plain evaluation, which the index must agree with."""
        return all(condition.holds(view) for condition in self.conditions)


def compile_route(
    config: RouteConfig, rules: Mapping[str, Mapping[str, Any]] | None = None
) -> tuple[Route, list[Found]]:
    """The route, complete only when there are no faults; their paths start below the route.

    Args:
        config: the rule as the operator wrote it.
        rules: EventBridge patterns by the ARN of their rule, as far as they were fetched.
    """
    compilation = Compilation(on_unknown=config.on_unknown, rules=rules)
    conditions = list(compile_match(config.match, compilation))
    if config.active_windows:
        conditions.append(Active(config.active_windows))
    if config.mute_windows:
        conditions.append(Muted(config.mute_windows))
    if config.sample < 1:
        conditions.append(Sample(config.sample))
    transform = compile_transform(config.transform, compilation) if config.transform else None
    grouping = _grouping(config.throttle, compilation) if config.throttle else None
    route = Route(
        name=config.name, sinks=config.to, conditions=tuple(conditions), transform=transform, grouping=grouping
    )
    return route, compilation.found


def _grouping(config: ThrottleConfig, compilation: Compilation) -> Grouping | None:
    try:
        return Grouping.of(config.by or ())
    except ValueError as error:
        cure = "write vcenter, data.Vm.Name or data.Arguments[0].Value"
        compilation.fault(("throttle", "by"), str(error), cure)
        return None


def route_faults(config: RouteConfig) -> list[Found]:
    """What is wrong with a route beyond its shape."""
    return compile_route(config)[1]


def compile_routes(
    configs: Iterable[RouteConfig], rules: Mapping[str, Mapping[str, Any]] | None = None
) -> tuple[Route, ...]:
    """The routes that are enabled, of a configuration that was checked.

    Raises:
        ConfigError: one of them has faults after all, such as a pattern file that has changed.
    """
    routes, problems = [], []
    for at, config in enumerate(configs):
        route, faults = compile_route(config, rules)
        problems += [Problem(dotted(("routes", at, *fault.at)), fault.what, fault.cure) for fault in faults]
        if config.enabled:
            routes.append(route)
    if problems:
        raise ConfigError("routes", problems)
    return tuple(routes)
