"""Where a sink that reads the events begins, and what must not be left behind when it does so no more."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Final

from clients.kafka import offsets
from clients.kafka.ends import Ends
from clients.kafka.observer import observer
from schemas import topics
from schemas.errors import Refused
from streams.delivery.origins import origin

if TYPE_CHECKING:
    from collections.abc import Iterable

    from schemas.config import KafkaConfig

PORTIONS: Final = (1_000, 10_000, 100_000)
"""Offsets of each partition that are looked at, one portion after the other, until every source has been met."""

log = logging.getLogger(__name__)


def begin(kafka: KafkaConfig, name: str) -> None:
    """Let a sink that has never read the events begin behind what the router has written to its topic.

    Of a partition of which the topic has nothing all is read: whatever is for the sink is not in the topic. A sink
    whose topic is empty is a new one, and begins where the router stands. The router asks this, too, before it leaves
    the sink out for the first time; whoever comes first decides.

    Raises:
        Refused: not allowed to look at the groups, or to read the topics.
        Unreachable: the brokers are away.
    """
    own, events = topics.deliver_group(kafka.prefix, name), topics.events(kafka.prefix)
    if offsets.positions(kafka, own, events, client_id=own):
        return
    router = offsets.positions(kafka, topics.group(kafka.prefix, topics.ROUTER), events, client_id=own)
    with observer(kafka, own, client_id=own, doing=f"read {events}", enable_partition_eof=True) as consumer:
        known = _routed(Ends(consumer, topics.sink(kafka.prefix, name), stopped=lambda: False), set(router)) or router
        oldest = Ends(consumer, events, stopped=lambda: False).lows()
    beginning = {partition: max(known.get(partition, low), low) for partition, low in oldest.items()}
    log.info("%s begins to read the events at %s", name, beginning)
    offsets.begin_at(kafka, own, events, beginning, client_id=own)


def _routed(ends: Ends, wanted: set[int]) -> dict[int, int]:
    """Up to where the router has chosen for a sink, by partition of the events, as the end of its topic tells."""
    found: dict[int, int] = {}
    for portion in PORTIONS:
        for message in ends.read(portion):
            headers: Any = message.headers() or ()
            place = origin(headers)
            if place is not None:
                found[place.partition] = max(found.get(place.partition, 0), place.offset + 1)
        if wanted <= found.keys() or ends.exhausted:
            break
    return found


def check_left(kafka: KafkaConfig, names: Iterable[str]) -> None:
    """See that none of these, which read from their topics, has once read the events and not come to their end.

    Raises:
        Refused: one has; what the router has passed since would never be delivered. Or we may not look at the groups.
        Unreachable: the brokers are away.
    """
    events, deliver = topics.events(kafka.prefix), topics.group(kafka.prefix, topics.DELIVER)
    router: dict[int, int] = {}
    for name in names:
        own = offsets.positions(kafka, topics.deliver_group(kafka.prefix, name), events, client_id=deliver)
        if own and not router:
            router = offsets.positions(kafka, topics.group(kafka.prefix, topics.ROUTER), events, client_id=deliver)
        left = sum(max(0, end - own.get(partition, 0)) for partition, end in router.items()) if own else 0
        if left:
            cure = "write read_from: events until it has come to their end with the router stopped (docs/delivery.md)"
            raise Refused(f"sink {name} has read the events, and {left} of them are left", cure=cure)
