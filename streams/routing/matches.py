"""What an event's routes come to: for each sink one record, with the routes that say so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from streams.routing.route import Route
    from streams.throttling.grouping import Grouping
    from streams.transforms.transform import Transform

LONGEST_LIST: Final = 4096


class Chosen(NamedTuple):
    """One record for one sink.

    Attributes:
        routes: names of the routes that chose the sink, in the order of the configuration.
        listed: the same for a header, at most 4096 bytes long.
        transform: what gives the record its form: that of the first of the routes; None: it stays as it is.
        grouping: how the throttle that it goes to tells events apart; None where it goes to a sink.
    """

    routes: tuple[str, ...]
    listed: bytes
    transform: Transform | None
    grouping: Grouping | None = None


Matches = dict[str, Chosen]
"""By name of the sink, in the order in which the routes name them; a throttled route leads to its throttle instead."""

THROTTLE: Final = "throttle/"
"""Before the name of a route it names the route's throttle; no sink is called so."""


def combine(routes: Iterable[Route]) -> Matches:
    """The records that the routes of one event come to; ``routes`` in the order of the configuration."""
    sinks: dict[str, list[Route]] = {}
    for route in routes:
        for sink in route.sinks if route.grouping is None else (THROTTLE + route.name,):
            sinks.setdefault(sink, []).append(route)
    return {sink: _chosen(chosen) for sink, chosen in sinks.items()}


def names(matches: Mapping[str, Chosen]) -> dict[str, tuple[str, ...]]:
    """Only the names of the routes, by sink."""
    return {sink: chosen.routes for sink, chosen in matches.items()}


def _chosen(routes: list[Route]) -> Chosen:
    named = tuple(route.name for route in routes)
    return Chosen(named, _listed(named), routes[0].transform, routes[0].grouping)


def _listed(routes: tuple[str, ...]) -> bytes:
    """Route names for a header, which must leave room for what the next hop adds."""
    text = ",".join(routes)
    return text.encode() if len(text) <= LONGEST_LIST else f"{text[:LONGEST_LIST].rpartition(',')[0]},…".encode()
