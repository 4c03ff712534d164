"""``reflexarc explain``: why did this not fire?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Group
from rich.text import Text

from ops.cli import completion
from ops.cli.context import load_config
from ops.cli.output import emit
from schemas.config.names import suggestion

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from streams.filters import View
    from streams.routing.explain import Explanation


def explain(
    ctx: typer.Context,
    event: Annotated[str, typer.Option(help="FILE with a CloudEvent in JSON, - for stdin, or topic:partition:offset.")],
    route: Annotated[str | None, typer.Option(help="Only this route.", autocompletion=completion.routes)] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Say why an event takes a route, or does not.

    Of every route: which condition failed, and what it saw; and the nearest miss.

    Only an event that lies in Kafka needs a broker; patterns of EventBridge rules are fetched.
    """
    from ops.events.given import event as read
    from streams.routing.explain import explain as ask
    from streams.routing.rules import fetched

    config = load_config(ctx)
    if route is not None and route not in {each.name for each in config.routes}:
        known = [each.name for each in config.routes]
        hint = suggestion(route, known, none="there are no routes")
        raise typer.BadParameter(f"no route is called {route}; {hint}", param_hint="--route")
    view = read(event, config.kafka)
    asked = [each for each in config.routes if route in {None, each.name}]
    explained = ask(asked, view, fetched(asked))
    emit(_data(view, explained), json=json, table=lambda: Group(*_lines(view, explained)))


def _data(view: View, explained: Sequence[Explanation]) -> dict[str, Any]:
    from streams.routing.explain import nearest_miss

    miss = nearest_miss(explained)
    return {
        "event": dict(view.attributes),
        "sinks": sorted({sink for each in explained if each.matches for sink in each.sinks}),
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


def _lines(view: View, explained: Sequence[Explanation]) -> Iterator[Text]:
    from ops.routes.verdict import why_not
    from streams.routing.explain import nearest_miss

    attributes = view.attributes
    yield Text(f"{attributes.get('subject', '(no subject)')}  {attributes.get('id')}  {attributes.get('source')}")
    for each in explained:
        if each.matches:
            throttled = f", throttled: {each.throttle}" if each.throttle else ""
            yield Text(f"  yes  {each.route}: goes to {', '.join(each.sinks)}{throttled}")
        else:
            more = len(each.failures) - 1
            yield Text(f"  no   {each.route}: {why_not(each)}{f', and {more} more' if more > 0 else ''}")
    miss = nearest_miss(explained)
    if not any(each.matches for each in explained):
        yield Text("No route matches." if explained else "There are no routes.")
        if miss:
            yield Text(f"Nearest: {miss.route}, {len(miss.failures)} of its {miss.conditions} conditions failed.")
