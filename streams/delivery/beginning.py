"""Where a sink that reads the events begins, and what must not be left behind when it does so no more."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Final

from confluent_kafka import Consumer, KafkaException

from clients.kafka import group, options
from clients.kafka.ends import Ends
from clients.kafka.errors import Connection, explain, reason
from schemas import topics
from schemas.errors import Refused
from streams.delivery.origins import origin

if TYPE_CHECKING:
    from collections.abc import Iterable

    from schemas.config import KafkaConfig

TAIL: Final = 1_000
"""Records of each partition that are looked at."""

log = logging.getLogger(__name__)


def begin(kafka: KafkaConfig, name: str) -> None:
    """Let a sink that has never read the events begin behind what the router has written to its topic.

    A partition of the events of which the topic has nothing is read from its beginning: whatever is for the sink is not
    in the topic. A sink whose topic is empty is a new one, and begins where the router stands.

    Raises:
        Refused: not allowed to look at the groups, or to read the topic.
        Unreachable: the brokers are away.
    """
    own, events = topics.deliver_group(kafka.prefix, name), topics.events(kafka.prefix)
    if group.positions(kafka, own, events, client_id=own):
        return
    routed = _routed(kafka, name, own)
    router = group.positions(kafka, topics.group(kafka.prefix, topics.ROUTER), events, client_id=own)
    beginning = {partition: routed.get(partition, 0) for partition in router} if routed else router
    if beginning:
        log.info("%s begins to read the events at %s", name, beginning)
        group.begin_at(kafka, own, events, beginning, client_id=own)


def _routed(kafka: KafkaConfig, name: str, own: str) -> dict[int, int]:
    """Up to where the router has chosen for a sink, by partition of the events, as the end of its topic tells."""
    heard, topic = Connection(), topics.sink(kafka.prefix, name)
    given = options.consumer(kafka, own, client_id=own, on_error=heard.heard) | {"enable.partition.eof": True}
    consumer: Any = options.construct(Consumer, given)
    found: dict[int, int] = {}
    try:
        for message in Ends(consumer, topic, stopped=lambda: False).read(TAIL):
            headers: Any = message.headers() or ()
            place = origin(headers)
            if place is not None:
                found[place.partition] = max(found.get(place.partition, 0), place.offset + 1)
    except KafkaException as error:
        raise explain(reason(error), doing=f"read {topic}", config=kafka, connection=heard) from error
    finally:
        consumer.close()
    return found


def check_left(kafka: KafkaConfig, names: Iterable[str]) -> None:
    """See that none of these, which read from their topics, has once read the events and not come to their end.

    Raises:
        Refused: one has; what the router has passed since would never be delivered.
        Unreachable: the brokers are away.
    """
    events, deliver = topics.events(kafka.prefix), topics.group(kafka.prefix, topics.DELIVER)
    router: dict[int, int] = {}
    for name in names:
        try:
            own = group.positions(kafka, topics.deliver_group(kafka.prefix, name), events, client_id=deliver)
        except Refused:
            return  # whoever may not look at such groups has never had one
        if own and not router:
            router = group.positions(kafka, topics.group(kafka.prefix, topics.ROUTER), events, client_id=deliver)
        left = sum(max(0, end - own.get(partition, end)) for partition, end in router.items()) if own else 0
        if left:
            cure = "write read_from: events until it has come to their end with the router stopped (docs/delivery.md)"
            raise Refused(f"sink {name} has read the events, and {left} of them are left", cure=cure)
