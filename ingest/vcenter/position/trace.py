"""The last events of vCenters that have no checkpoint, found by reading the events topic backwards.

A checkpoint can be lost (its topic deleted, a cluster restored without it). Its vCenter must not start at "now" as if
it were new: what happened since its last event would be lost in silence.
"""

from __future__ import annotations

import logging
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from clients.kafka.ends import Ends
from clients.kafka.observer import observer
from ingest.vcenter.instant import instant
from ingest.vcenter.position.footprints import Footprint, Footprints
from schemas import topics

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from confluent_kafka import Message

    from schemas.config import KafkaConfig

PORTIONS: Final = (1_000, 4_000, 15_000, 30_000)
"""Offsets of each partition that are read at a time, from its end backwards: at most 50,000."""

WITHIN: Final = 30.0
"""Seconds after which the search ends, whatever it has found: the vCenters wait for it."""

SKEW: Final = 300.0
"""Seconds by which a vCenter's clock may be ahead of ours."""

log = logging.getLogger(__name__)


class Trace(NamedTuple):
    """What the events topic knows of a vCenter.

    Attributes:
        searched: most offsets of one partition that were looked at.
        events: its latest events; None when there is none so near the end, and it cannot be said whether there are
            older ones.
    """

    searched: int
    events: Footprints | None

    def __str__(self) -> str:
        if self.events is None or self.events.last is None:
            return f"no event of it is among the last {self.searched} of a partition"
        return f"it goes on from its last event in Kafka, {self.events.last.key} of {self.events.last.time}"


def find(config: KafkaConfig, vcenters: Collection[str], *, stopped: Callable[[], bool]) -> dict[str, Trace]:
    """The trace of each of these vCenters; one that certainly has no event in Kafka is not among them.

    Values are fetched and not looked at. Costs about 5 µs and one record's bytes for each record passed by.

    Args:
        config: the ``kafka`` part of the configuration.
        vcenters: names.
        stopped: asked about once a second; true ends the search.

    Raises:
        Refused: an ACL is missing.
        Unreachable: the brokers are away.
    """
    if not vcenters:
        return {}
    until = monotonic() + WITHIN
    topic, client = topics.events(config.prefix), topics.INGEST_VCENTER
    group = topics.group(config.prefix, client)
    with observer(config, group, client_id=client, doing=f"read {topic}", enable_partition_eof=True) as consumer:
        ends = Ends(consumer, topic, stopped=lambda: stopped() or monotonic() > until)
        return _search(ends, {name: Footprints() for name in vcenters})


def _search(ends: Ends, found: Mapping[str, Footprints]) -> dict[str, Trace]:
    for portion in PORTIONS:
        for message in ends.read(portion):
            name, footprint = _footprint(message)
            if footprint is not None and name in found:
                found[name].add(footprint)
        if ends.interrupted or all(ends.reach_to(_needed(events)) for events in found.values()):
            break
    traces = {
        name: Trace(ends.searched, events if events.last else None)
        for name, events in found.items()
        if events.last or not ends.exhausted
    }
    for name, trace in traces.items():
        log.warning("vCenter %s: no checkpoint; %s", name, trace)
    return traces


def _needed(events: Footprints) -> float | None:
    """Arrival before which no event of the look-back can have come, seconds since 1970; None while none is known."""
    return events.since.timestamp() - SKEW if events.last else None


def _footprint(message: Message) -> tuple[str, Footprint | None]:
    """Which vCenter's event this is; no footprint when it is none."""
    headers: dict[str, Any] = dict(message.headers() or ())
    name, identity, created = (
        (headers.get(f"ce_{attribute}") or b"").decode(errors="replace") for attribute in ("vcenter", "id", "time")
    )
    owner, _, numbers = identity.partition("/")
    try:
        incarnation, key = map(int, numbers.split("/"))
    except ValueError:  # a notice, or an event of somebody else's
        return name, None
    return name, Footprint(incarnation, instant(created), key) if owner == name else None
