"""Whether an event goes where it was expected to go."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from schemas.errors import ReflexarcError
from streams.filters.entity import Known
from streams.routing.explain import explain, outcome
from streams.routing.specimen import Specimen

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from ops.routes.entity import KnownEntity
    from ops.routes.expectations import Expectation
    from schemas.config import RouteConfig
    from streams.filters.view import View
    from streams.routing.arrival import Arrival
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


def judge(
    expectation: Expectation,
    routes: tuple[RouteConfig, ...],
    *,
    now: datetime,
    limit: int,
    rules: Mapping[str, Mapping[str, Any]] | None = None,
) -> Verdict:
    """Route the event, reshape it, and compare.

    Args:
        expectation: event and sinks.
        routes: of a configuration that was checked.
        now: the time of an event that names none; windows are judged by it.
        limit: largest record that the sinks' topics take, in bytes.
        rules: EventBridge patterns by the ARN of their rule; a route of any other rule takes no event.
    """
    try:
        event = expectation.given()
        if event.time is None:
            event = replace(event, time=now.isoformat())
        specimen = Specimen.of_event(event)
    except ReflexarcError as error:
        return Verdict(expectation.name, (str(error),))
    specimen.view.inventory = partial(_known, expectation.inventory)
    explained = explain(routes, specimen.view, rules)
    arrived = outcome(explained, specimen, limit)
    return Verdict(expectation.name, tuple(_complaints(expectation, explained, arrived)))


def _known(given: KnownEntity | None, view: View) -> Known:
    """What the inventory is said to know, as fresh as can be; about whom an event is, it says itself."""
    about = view.attribute("partitionkey") if view.attribute("vcenter") is not None else None
    if given is None:
        return Known(about)
    return Known(about or "expectation", given.entity(), age=0.0, tags_age=0.0)


def _complaints(
    expectation: Expectation, explained: Sequence[Explanation], arrived: Sequence[Arrival]
) -> Iterator[str]:
    reached = {each.sink: each for each in arrived}
    for sink in expectation.sinks:
        arrival = reached.get(sink)
        if arrival is None:
            yield f"{sink} does not get it: {_why(sink, explained)}"
        elif arrival.rejected is not None:
            yield f"{sink} does not get it: {arrival.shaped_by} cannot reshape it: {arrival.rejected}"
    for sink, arrival in reached.items():
        if sink not in expectation.sinks and arrival.rejected is None:
            yield f"{sink} gets it, by {', '.join(arrival.routes)}"
    if expectation.routes is not None:
        matching = [each.route for each in explained if each.matches]
        if sorted(matching) != sorted(expectation.routes):
            wanted = ", ".join(expectation.routes) or "no route"
            yield f"{', '.join(matching) or 'no route'} matches, not {wanted}"


def _why(sink: str, explained: Sequence[Explanation]) -> str:
    leading = [each for each in explained if sink in each.sinks]
    return "; ".join(f"{each.route} {why_not(each)}" for each in leading) or "no route leads there"


def why_not(explanation: Explanation) -> str:
    """The first reason why an event does not take a route, in one sentence."""
    if not explanation.enabled:
        return "is not enabled"
    first = explanation.failures[0]
    return f"wants that {first.where} {first.wanted}, saw {first.saw}"
