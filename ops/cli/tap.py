"""``reflexarc tap``: events as they come."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ops.cli import completion
from ops.cli.context import load_config
from ops.cli.explain import unread
from ops.cli.output import console, failure, printable
from schemas.errors import InvalidEvent, ReflexarcError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from clients.kafka.place import Place, Stored
    from schemas.config import Config, RouteConfig
    from streams.filters import View
    from streams.filters.entity import Known
    from streams.routing.index import RouteIndex
    from streams.routing.route import Route


def tap(
    ctx: typer.Context,
    match: Annotated[
        str | None,
        typer.Option(help="Conditions as in a route, in YAML: '{data: {Vm.Name: web-1}}'; or one: 'subject=Vm*'."),
    ] = None,
    route: Annotated[str | None, typer.Option(help="What this route takes.", autocompletion=completion.routes)] = None,
    back: Annotated[str | None, typer.Option(help="Begin so long ago: 10m, 2h; default: now.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="End after so many events.")] = None,
    no_follow: Annotated[bool, typer.Option("--no-follow", help="End when all that is there was shown.")] = False,
    json: Annotated[bool, typer.Option("--json", help="One CloudEvent in JSON per line.")] = False,
) -> None:
    """Follow events live, those that match.

    Each comes with the sinks that its routes choose.
    Joins no consumer group and moves no offset. Ends with Ctrl-C, after --limit events, or
    with --no-follow.
    """
    from ops.events.broker import await_broker
    from ops.events.inventory import inventory_for
    from ops.events.live import follow
    from ops.signals import stop_of_threads
    from schemas.config.units import parse_duration
    from streams.routing.index import RouteIndex
    from streams.routing.rules import fetched

    config = load_config(ctx)
    _check(config, match, route)
    wanted = None if route is not None else _condition(match)
    try:
        since = parse_duration(back) if back is not None else None
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--back") from None
    routes = _compiled(config.routes, fetched(config.routes), route)
    wanted = wanted or routes[route or ""]
    index = RouteIndex(routes[each.name] for each in config.routes if each.enabled and each.name in routes)
    stop, count = stop_of_threads(), 0
    await_broker(config.kafka)
    with inventory_for((wanted, *index.routes), config.kafka, missing=unread) as inventory:
        for place, record in follow(config.kafka, back=since, stopped=stop.is_set, end=no_follow):
            if _shown(wanted, index, place, record, inventory, json=json):
                count += 1
                if count == limit:
                    return


def _check(config: Config, match: str | None, route: str | None) -> None:
    from schemas.config.names import suggestion

    if match is not None and route is not None:
        raise typer.BadParameter("goes without --route", param_hint="--match")
    known = [each.name for each in config.routes]
    if route is not None and route not in known:
        hint = suggestion(route, known, none="there are no routes")
        raise typer.BadParameter(f"no route is called {route}; {hint}", param_hint="--route")


def _compiled(
    configs: Iterable[RouteConfig], rules: Mapping[str, Mapping[str, Any]], wanted: str | None
) -> dict[str, Route]:
    """The routes by name, without those whose fetched pattern cannot be compiled; that and an idle one is said.

    Raises:
        ReflexarcError: it is the one wanted.
    """
    from schemas.config.document import dotted
    from streams.routing.route import compile_route

    routes = {}
    for config in configs:
        route, faults = compile_route(config, rules)
        if not faults:
            routes[config.name] = route
        for fault in faults[:1]:
            what = f"route {config.name}: {dotted(fault.at)} {fault.what}"
            if config.name == wanted:
                raise ReflexarcError(what, cure=fault.cure)
            sys.stderr.write(failure(what, f"{fault.cure}; it takes no event here") + "\n")
        if config.name == wanted and not config.enabled:
            sys.stderr.write(failure(f"route {config.name} is not enabled", "this is what it would take") + "\n")
    return routes


def _condition(match: str | None) -> Route:
    """What is looked for, as a route of its own."""
    from ops.events.condition import condition

    try:
        return condition(match or "")
    except ReflexarcError as error:
        raise typer.BadParameter(f"{error.message} — {error.cure}", param_hint="--match") from None


def _shown(
    wanted: Route,
    index: RouteIndex,
    place: Place,
    record: Stored,
    inventory: Callable[[View], Known] | None,
    *,
    json: bool,
) -> bool:
    """Print an event that is looked for; whether it was."""
    from schemas.cloudevents import json as event_format
    from schemas.cloudevents import kafka
    from streams.filters import View

    try:
        view = View.of_record(record.headers, record.value)
        view.inventory = inventory
        if not wanted.matches(view):
            return False
        sinks = list(index.match(view))
        event = kafka.from_message(record.headers, record.value) if json else None
    except InvalidEvent as error:
        sys.stderr.write(printable(f"{place}: {error}") + "\n")
        return False
    if event is not None:
        sys.stdout.write(event_format.dumps(event).decode() + "\n")
        sys.stdout.flush()
    else:
        told = (view.attributes.get(name, "-") for name in ("time", "subject", "partitionkey"))
        line = "  ".join([*told, str(place), ", ".join(sinks) or "no sink"])
        console.print(printable(line), markup=False)
    return True
