"""``reflexarc explain``: why did this not fire?"""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Group
from rich.text import Text

from ops.cli import completion
from ops.cli.context import load_config
from ops.cli.output import emit, failure, printable
from schemas.config.names import suggestion

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from schemas.config import Config, RouteConfig
    from streams.filters import View
    from streams.routing.arrival import Arrival
    from streams.routing.explain import Explanation


def explain(
    ctx: typer.Context,
    event: Annotated[str, typer.Option(help="FILE with a CloudEvent in JSON, - for stdin, or topic:partition:offset.")],
    route: Annotated[str | None, typer.Option(help="Only this route.", autocompletion=completion.routes)] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Say why an event takes a route, or does not.

    Of every route: which condition failed, and what it saw; and the nearest miss.

    Only an event that lies in Kafka needs a broker, and a route that asks the inventory; patterns of EventBridge rules
    are fetched.
    """
    from ops.events.given import event as read
    from ops.events.inventory import inventory_for
    from schemas import topics
    from streams.routing.explain import explain as ask
    from streams.routing.explain import outcome
    from streams.routing.route import compile_route
    from streams.routing.rules import fetched

    config = load_config(ctx)
    asked = _asked(config, route)
    specimen = read(event, config.kafka)
    view, rules = specimen.view, fetched(asked)
    with inventory_for((compile_route(each, rules)[0] for each in asked), config.kafka, missing=unread) as inventory:
        view.inventory = inventory
        explained = ask(asked, view, rules)
        arrived = outcome(explained, specimen, topics.largest(config))
    if route is not None:
        explained = tuple(each for each in explained if each.route == route)
        arrived = tuple(each for each in arrived if route in each.routes)
    emit(_data(view, explained, arrived), json=json, table=lambda: Group(*_printed(view, explained, arrived)))


def unread(problem: str) -> None:
    """Say that conditions on the inventory are not answered as the router answers them."""
    cure = "conditions on it go by on_unknown here"
    sys.stderr.write(failure(f"the inventory cannot be read: {problem}", cure) + "\n")


def _asked(config: Config, route: str | None) -> Sequence[RouteConfig]:
    """Every route, or one and those that lead to the same sinks: one of them may shape the record."""
    if route is None:
        return config.routes
    named = {each.name: each for each in config.routes}
    if route not in named:
        hint = suggestion(route, list(named), none="there are no routes")
        raise typer.BadParameter(f"no route is called {route}; {hint}", param_hint="--route")
    return [each for each in config.routes if not set(named[route].to).isdisjoint(each.to)]


def _data(view: View, explained: Sequence[Explanation], arrived: Sequence[Arrival]) -> dict[str, Any]:
    from streams.routing.explain import nearest_miss

    miss = nearest_miss(explained)
    return {
        "event": dict(view.attributes),
        "sinks": sorted(each.sink for each in arrived if each.rejected is None),
        "arrivals": [asdict(each) for each in arrived],
        "routes": [
            {
                "name": each.route,
                "matches": each.matches,
                "enabled": each.enabled,
                "to": each.sinks,
                "throttle": each.throttle,
                "failures": [{"where": f.where, "wanted": f.wanted, "saw": f.saw} for f in each.failures],
            }
            for each in explained
        ],
        "nearest_miss": miss.route if miss else None,
    }


def _printed(view: View, explained: Sequence[Explanation], arrived: Sequence[Arrival]) -> Iterator[Text]:
    return (Text(printable(line)) for line in _lines(view, explained, arrived))


def _lines(view: View, explained: Sequence[Explanation], arrived: Sequence[Arrival]) -> Iterator[str]:
    from ops.routes.verdict import why_not
    from streams.routing.explain import nearest_miss

    attributes = view.attributes
    rejected = {each.sink for each in arrived if each.rejected is not None}
    yield f"{attributes.get('subject', '(no subject)')}  {attributes.get('id')}  {attributes.get('source')}"
    for each in explained:
        if each.matches:
            reached = ", ".join(sink for sink in each.sinks if sink not in rejected)
            throttled = f", throttled: {each.throttle}" if each.throttle else ""
            way = f"goes to {reached}{throttled}" if reached else "matches, and reaches no sink"
            yield f"  yes  {each.route}: {way}"
        else:
            more = len(each.failures) - 1
            yield f"  no   {each.route}: {why_not(each)}{f', and {more} more' if more > 0 else ''}"
    for arrival in arrived:
        yield from _shape(arrival)
    miss = nearest_miss(explained)
    if not any(each.matches for each in explained):
        yield "No route matches." if explained else "There are no routes."
        if miss:
            yield f"Nearest: {miss.route}, {len(miss.failures)} of its {miss.conditions} conditions failed."


def _shape(arrival: Arrival) -> Iterator[str]:
    """What a transform makes of the event in one sink, and which transform does not count; nothing without any."""
    if arrival.rejected is not None:
        yield f"{arrival.sink}: a dead letter instead, for {arrival.shaped_by} cannot reshape it: {arrival.rejected}"
    elif arrival.shaped_by is not None:
        yield f"{arrival.sink}: reshaped by {arrival.shaped_by}"
    if arrival.ignored:
        yield (
            f"{arrival.sink}: {arrival.routes[0]} comes first, so the transform of {', '.join(arrival.ignored)} "
            "is not applied"
        )
