"""The routes by which a replay decides: those of today, or of a file."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from schemas.config.file import read
from schemas.config.reading import Reading
from schemas.config.routes import OwnerConfig, Routes, RoutesFile
from schemas.config.scope import Scope
from schemas.config.wording import unknown_key
from schemas.errors import ConfigError, ReflexarcError
from streams.routing.index import RouteIndex
from streams.routing.route import compile_routes, route_faults
from streams.routing.rules import fetched

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from pathlib import Path

    from schemas.config import Config, RouteConfig


class Relevant(NamedTuple):
    """Routes that lead to somebody a replay is for.

    Attributes:
        taken: those it follows, in their order.
        throttled: names of those it leaves out: what a throttle would have held back is decided by when events
            arrived in its topic, which is over.
    """

    taken: tuple[RouteConfig, ...]
    throttled: tuple[str, ...]


def read_routes(path: Path, config: Config) -> tuple[RouteConfig, ...]:
    """The routes of a file like those in ``routes.d``; sinks and vCenters are those of the configuration.

    Raises:
        ConfigError: with every problem of the file.
    """
    document = read(path)
    if document.problems:
        cure = "name a file that holds routes:, like those in routes.d"
        raise ConfigError(str(path), [each if each.line else replace(each, cure=cure) for each in document.problems])
    reading = Reading(document, Scope(folder=path.parent, vcenters=config.vcenters, sinks=config.sinks))
    for key in document.data:
        if key not in RoutesFile.model_fields:
            reading.fault((key,), *unknown_key(key, list(RoutesFile.model_fields)))
    given = document.data.get("owner")
    owner = reading.model(OwnerConfig, ("owner",), given) if given is not None else None
    routes = Routes(route_faults)
    routes.read(reading, owner=owner)
    if reading.problems or routes.problems:
        raise ConfigError(str(path), [*reading.problems, *routes.problems])
    return tuple(routes.found)


def relevant(routes: Iterable[RouteConfig], sinks: Collection[str]) -> Relevant:
    """What of the routes acts for these sinks.

    Raises:
        ReflexarcError: nothing leads to one of them.
    """
    leading = [route for route in routes if route.enabled and not set(sinks).isdisjoint(route.to)]
    taken = tuple(route for route in leading if route.throttle is None)
    throttled = tuple(route.name for route in leading if route.throttle is not None)
    reached = {sink for route in taken for sink in route.to}
    for sink in sinks:
        if sink not in reached:
            only = next((route.name for route in leading if sink in route.to), None)
            if only is None:
                raise ReflexarcError(f"no route leads to {sink}", cure="name other sinks, or a file with --routes")
            what = f"only a throttled route leads to {sink}, {only}, and a replay leaves those out"
            raise ReflexarcError(what, cure="give a file with --routes in which it has no throttle")
    return Relevant(taken, throttled)


def compiled(routes: Sequence[RouteConfig]) -> RouteIndex:
    """The routes as the router would compile them; patterns of EventBridge rules are fetched, which blocks.

    Raises:
        ConfigError: one of them cannot be compiled.
        ReflexarcError: a rule cannot be fetched: its route would take nothing, in silence.
    """
    rules = fetched(routes)
    for route in routes:
        for reference in route.match.references():
            if reference.rule_arn is not None and reference.rule_arn not in rules:
                what = f"route {route.name}: the pattern of {reference.rule_arn} cannot be fetched"
                raise ReflexarcError(what, cure="the log says why; or disable the route in a file for --routes")
    return RouteIndex(compile_routes(routes, rules))
