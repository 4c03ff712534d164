"""What a record of the events topic becomes, by one set of routes; without I/O."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from clients.kafka.record import Outgoing
from schemas import topics
from schemas.deadletters import ORIGIN
from schemas.errors import InvalidEvent, Reject
from streams import metrics
from streams.delivery.dlq import dead_letter
from streams.delivery.origins import WRITTEN
from streams.filters.view import View
from streams.throttling.passage import towards

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.routing.index import RouteIndex
    from streams.routing.inventory import Inventory
    from streams.routing.matches import Chosen, Matches
    from streams.transforms.transform import Transform
    from streams.transport import Record

log = logging.getLogger(__name__)

ROUTES: Final = "reflexarc_routes"

_OURS: Final = "reflexarc_"

Origin = tuple[tuple[str, bytes], tuple[str, bytes]]


class Choice:
    """The records to write for each record that is read: one per sink, or a dead letter.

    Whatever a record holds, it becomes something: nothing is raised.

    Args:
        prefix: topic prefix.
        index: the routes.
        limit: largest record that the sinks' topics take, in bytes.
        inventory: what conditions ask about entities; None where no route does.
    """

    def __init__(self, prefix: str, index: RouteIndex, *, limit: int, inventory: Inventory | None = None) -> None:
        self._prefix = prefix
        self._index = index
        self._limit = limit
        self._about = inventory.about if inventory is not None else None
        self._dead_letters = topics.dead_letter(prefix, topics.UNROUTABLE)
        self._topics = {sink: topics.sink(prefix, sink) for route in index.routes for sink in route.sinks}

    def of(self, record: Record) -> Sequence[Outgoing]:
        """What is written for one record; empty when no route takes it."""
        try:
            view = View.of_record(record.headers, record.value)
            view.inventory = self._about
            matches = self._index.match(view)
        except InvalidEvent as error:
            return [self.dead(record, Reject(str(error)))]
        except Exception as error:
            # A record that no condition can be asked about must not come again and again.
            log.exception("%s: routes cannot be asked", record.position)
            return [self.dead(record, Reject(f"routes cannot be asked: {type(error).__name__}: {error}"))]
        return self._made(record, view, matches) if matches else ()

    def for_sink(self, record: Record, sink: str) -> Record | Reject | None:
        """The record as a sink gets it that reads the events itself.

        None when no route takes it there, and when it is no event: the router keeps that among its dead letters.
        """
        try:
            view = View.of_record(record.headers, record.value)
            view.inventory = self._about
            chosen = self._index.match(view).get(sink)
        except InvalidEvent:
            return None
        except Exception as error:
            log.exception("%s: routes cannot be asked", record.position)
            return Reject(f"routes cannot be asked: {type(error).__name__}: {error}")
        if chosen is None:
            return None
        headers, value = record.headers, record.value
        if chosen.transform is not None:
            try:
                headers, value = chosen.transform.apply(view, headers, value)
            except Reject as error:
                return error
            except Exception as error:
                log.exception("%s: a transform failed", record.position)
                return Reject(f"transform: {type(error).__name__}: {error}")
        own = [each for each in headers if not each[0].startswith(_OURS)]
        return record._replace(headers=(*own, (ROUTES, chosen.listed), *_origin(record)), value=value)

    def dead(self, record: Record | Outgoing, error: Reject, *, attempts: int = 0) -> Outgoing:
        """The dead letter of a record that cannot be passed on."""
        metrics.ROUTER_DEAD_LETTERS.inc()
        return dead_letter(record, self._dead_letters, error, attempts=attempts)

    def _made(self, record: Record, view: View, matches: Matches) -> list[Outgoing]:
        if view.structured or view.header(ROUTES) is not None or view.header(ORIGIN) is not None:
            # Whoever wrote them, it was not this router: delivery must not take them for its word.
            record = record._replace(headers=[each for each in record.headers if not each[0].startswith(_OURS)])
        origin = _origin(record)
        outgoing = []
        shaped: dict[Transform, list[tuple[str, Chosen]]] = {}
        for sink, chosen in matches.items():
            if chosen.transform is None:
                outgoing.append(self._towards(sink, chosen, view, record, origin))
            else:
                shaped.setdefault(chosen.transform, []).append((sink, chosen))
        for transform, ways in shaped.items():
            outgoing += self._reshaped(record, view, transform, ways, origin)
        return outgoing

    def _towards(self, sink: str, chosen: Chosen, view: View, record: Record, origin: Origin) -> Outgoing:
        """The record for a sink, or for the throttle of a route."""
        why = ((ROUTES, chosen.listed), *origin)
        if chosen.grouping is None:
            return Outgoing(self._topics[sink], record.value, record.key, (*record.headers, *why))
        return towards(self._prefix, chosen.routes[0], chosen.grouping.key(view, record.key), record, why)

    def _reshaped(
        self,
        record: Record,
        view: View,
        transform: Transform,
        ways: Sequence[tuple[str, Chosen]],
        origin: Origin,
    ) -> list[Outgoing]:
        """The record as a transform makes it, for every sink that gets it so; or one dead letter, as it came."""
        try:
            headers, value = transform.apply(view, record.headers, record.value)
            shaped = record._replace(headers=headers, value=value)
            made = [self._towards(sink, chosen, view, shaped, origin) for sink, chosen in ways]
            if all(each.fits(self._limit) for each in made):
                return made
            reason = too_large(self._limit)
        except Reject as error:
            reason = error.reason
        except Exception as error:
            log.exception("%s: a transform failed", record.position)
            reason = f"transform: {type(error).__name__}: {error}"
        routes = b",".join(dict.fromkeys(chosen.listed for _, chosen in ways))
        whole = record._replace(headers=(*record.headers, (ROUTES, routes), *origin))
        sinks = ", ".join(sink for sink, _ in ways)
        return [self.dead(whole, Reject(f"{reason} (for {sinks})"))]


def _origin(record: Record) -> Origin:
    return (ORIGIN, b"%d/%d" % (record.partition, record.offset)), (WRITTEN, b"%d" % record.timestamp)


def too_large(limit: int) -> str:
    """Why a reshaped record is not written."""
    return f"what the transform makes has more than the {limit} bytes of a record"
