"""What each sink gets of an event: the record as it came, a reshaped one, or none because a transform fails."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from clients.kafka.record import Outgoing
from schemas.deadletters import ORIGIN
from schemas.errors import Reject
from streams.delivery.origins import WRITTEN
from streams.routing.choice import ROUTES, too_large
from streams.routing.matches import combine

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streams.routing.matches import Chosen
    from streams.routing.route import Route
    from streams.routing.specimen import Specimen


_LONGEST_ORIGIN: Final = b"99999/%d" % 2**63
"""Of a record that nobody has written yet."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """What the router makes of an event for one sink.

    Attributes:
        sink: its name.
        routes: those that chose it, in the order of the configuration; the first one's transform counts.
        shaped_by: the route whose transform makes the record; None: the event stays as it came.
        rejected: why that transform cannot be done, so that a dead letter is written instead; None: it can.
        ignored: the other routes of ``routes`` that have another transform, which is not applied.
    """

    sink: str
    routes: tuple[str, ...]
    shaped_by: str | None
    rejected: str | None
    ignored: tuple[str, ...]


def arrivals(routes: Iterable[Route], specimen: Specimen, limit: int) -> tuple[Arrival, ...]:
    """What becomes of an event, by sink.

    Args:
        routes: those that the event takes, in the order of the configuration.
        specimen: the event.
        limit: largest record that the sinks' topics take, in bytes.
    """
    named = {route.name: route for route in routes}
    return tuple(
        _arrival(sink, chosen, named, specimen, limit)
        for way, chosen in combine(named.values()).items()
        for sink in (named[chosen.routes[0]].sinks if chosen.grouping else (way,))
    )


def _arrival(sink: str, chosen: Chosen, named: dict[str, Route], specimen: Specimen, limit: int) -> Arrival:
    first, *others = chosen.routes
    different = tuple(name for name in others if named[name].transform not in {None, chosen.transform})
    shaped_by = None if chosen.transform is None else first
    return Arrival(sink, chosen.routes, shaped_by, _rejection(chosen, specimen, limit), different)


def _rejection(chosen: Chosen, specimen: Specimen, limit: int) -> str | None:
    if chosen.transform is None:
        return None
    try:
        headers, value = chosen.transform.apply(*specimen)
    except Reject as error:
        return error.reason
    key = chosen.grouping.key(specimen.view, specimen.key) if chosen.grouping else specimen.key
    made = Outgoing(
        "", value, key, (*headers, (ROUTES, chosen.listed), (ORIGIN, _LONGEST_ORIGIN), (WRITTEN, b"%d" % 2**63))
    )
    return None if made.fits(limit) else too_large(limit)
