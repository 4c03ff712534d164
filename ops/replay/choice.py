"""What a stored event becomes in a replay, by one set of routes; without I/O."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from clients.kafka.record import Outgoing
from schemas import topics
from schemas.cloudevents import kafka
from schemas.epoch import moment
from schemas.errors import InvalidEvent, Reject
from streams.filters.view import View
from streams.routing.choice import ROUTES
from streams.routing.window import happened

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from clients.kafka.place import Stored
    from ops.replay.plan import Plan
    from streams.filters.entity import Known
    from streams.transforms.transform import Transform

MARK: Final = "reflexarcreplay"
"""The extension by which a receiver tells an event that comes again; it holds the id of the replay."""

Skipped = Literal["other time", "no match", "no route", "no CloudEvent"]
"""Why an event is written for nobody."""

_HEADER: Final = f"ce_{MARK}"
_OURS: Final = "reflexarc_"

Headers = list[tuple[str, bytes | None]]


class Chosen(NamedTuple):
    """What becomes of one event.

    Attributes:
        skipped: why it goes to no sink; None when a route sends it to one.
        made: sinks and their records.
        refused: sinks whose record cannot be made, and why.
    """

    skipped: Skipped | None
    made: tuple[tuple[str, Outgoing], ...] = ()
    refused: tuple[tuple[str, str], ...] = ()


class ReplayChoice:
    """The records to write for each event that is read.

    They are those of the router, but for the sinks that are named only, with ``reflexarcreplay``, and without
    ``reflexarc_origin``: delivery must not take them for events that it has had. No route may have a throttle.

    Args:
        prefix: topic prefix.
        replay: id of the replay.
        plan: which events, for which sinks, by which routes.
        inventory: what conditions ask about entities; None where none does.
    """

    def __init__(
        self, prefix: str, replay: str, plan: Plan, *, inventory: Callable[[View], Known] | None = None
    ) -> None:
        self._topics = {sink: topics.sink(prefix, sink) for sink in plan.request.sinks}
        self._replay = replay
        self._request = plan.request
        self._wanted = plan.wanted
        self._index = plan.index
        self._inventory = inventory

    def of(self, stored: Stored) -> Chosen:
        """What becomes of one event; an event without a time happened when it arrived."""
        try:
            view = View.of_record(stored.headers, stored.value)
            view.inventory = self._inventory
            if not self._request.holds(happened(view) or moment(stored.timestamp)):
                return Chosen("other time")
            if not all(wanted.matches(view) for wanted in self._wanted):
                return Chosen("no match")
            matches = self._index.match(view)
        except InvalidEvent:
            return Chosen("no CloudEvent")
        made, refused = [], []
        plain = [each for each in stored.headers if not each[0].startswith(_OURS) and each[0] != _HEADER]
        shaped: dict[Transform | None, tuple[Headers, bytes | None] | str] = {}
        for sink, topic in self._topics.items():
            chosen = matches.get(sink)
            if chosen is None:
                continue
            if chosen.transform not in shaped:
                shaped[chosen.transform] = self._shaped(view, plain, stored.value, chosen.transform)
            form = shaped[chosen.transform]
            if isinstance(form, str):
                refused.append((sink, form))
            else:
                headers, value = form
                made.append((sink, Outgoing(topic, value, stored.key, [*headers, (ROUTES, chosen.listed)])))
        if not made and not refused:
            return Chosen("no route")
        return Chosen(None, tuple(made), tuple(refused))

    def _shaped(
        self, view: View, headers: Headers, value: bytes | None, transform: Transform | None
    ) -> tuple[Headers, bytes | None] | str:
        """Headers and value with the mark, or why there are none."""
        try:
            if transform is not None:
                headers, value = transform.apply(view, headers, value)
            elif view.structured:
                return self._marked(headers, value)
        except Reject as error:
            return error.reason
        except InvalidEvent as error:
            return str(error)
        return [*headers, (_HEADER, self._replay.encode())], value

    def _marked(self, headers: Sequence[tuple[str, bytes | None]], value: bytes | None) -> tuple[Headers, bytes | None]:
        """A structured event: the attribute belongs into its JSON."""
        event = kafka.from_message(headers, value)
        message = kafka.to_structured(replace(event, extensions={**event.extensions, MARK: self._replay}))
        return list(message.headers), message.value
