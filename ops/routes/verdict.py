"""Whether an event goes where it was expected to go."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from schemas.errors import InvalidEvent
from streams.filters.view import View
from streams.routing.explain import explain

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from ops.routes.expectations import Expectation
    from schemas.config import RouteConfig
    from streams.routing.explain import Explanation


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of one expectation.

    Attributes:
        name: of the expectation.
        complaints: what is not as expected, one sentence each; empty when all is.
    """

    name: str
    complaints: tuple[str, ...]


def judge(expectation: Expectation, routes: tuple[RouteConfig, ...], *, now: datetime) -> Verdict:
    """Route the event and compare.

    Args:
        expectation: event and sinks.
        routes: of a configuration that was checked.
        now: the time of an event that names none; windows are judged by it.
    """
    try:
        event = expectation.given()
    except InvalidEvent as error:
        return Verdict(expectation.name, (f"{expectation.event_file}: {error}",))
    if event.time is None:
        event = replace(event, time=now.isoformat())
    explained = {each.route: each for each in explain(routes, View.of_event(event))}
    return Verdict(expectation.name, tuple(_complaints(expectation, explained)))


def _complaints(expectation: Expectation, explained: dict[str, Explanation]) -> Iterator[str]:
    reached: dict[str, list[str]] = {}
    for each in explained.values():
        for sink in each.sinks if each.matches else ():
            reached.setdefault(sink, []).append(each.route)
    for sink in expectation.sinks:
        if sink not in reached:
            yield f"{sink} does not get it: {_why(sink, explained)}"
    for sink, routes in reached.items():
        if sink not in expectation.sinks:
            yield f"{sink} gets it, by {', '.join(routes)}"
    if expectation.routes is not None:
        matching = [each.route for each in explained.values() if each.matches]
        if sorted(matching) != sorted(expectation.routes):
            wanted = ", ".join(expectation.routes) or "no route"
            yield f"{', '.join(matching) or 'no route'} matches, not {wanted}"


def _why(sink: str, explained: dict[str, Explanation]) -> str:
    leading = [each for each in explained.values() if sink in each.sinks]
    return "; ".join(f"{each.route} {why_not(each)}" for each in leading) or "no route leads there"


def why_not(explanation: Explanation) -> str:
    """The first reason why an event does not take a route, in one sentence."""
    if not explanation.enabled:
        return "is not enabled"
    first = explanation.failures[0]
    return f"wants that {first.where} {first.wanted}, saw {first.saw}"
