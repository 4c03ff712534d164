"""A tally that is ready, as the record that subscribers read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clients.kafka.record import Outgoing
from schemas.epoch import moment, possible, written

if TYPE_CHECKING:
    from schemas.avro.encoding import Encoding
    from streams.analytics.occurrence import Subject
    from streams.analytics.tally import Tally


def outgoing(
    subject: Subject, tally: Tally, *, topic: str, partition: int, window: int, encoding: Encoding
) -> Outgoing:
    """The row: in the partition that its events are in, with a key that no other tally has.

    A window outside of what a date can have, by the clock of a foreign producer, is told as the nearest that one can.

    Args:
        subject: what was counted.
        tally: how many.
        topic: of the counts.
        partition: of the events.
        window: length, milliseconds.
        encoding: of ``count.avsc``.
    """
    value = encoding.encode(
        {
            "start": possible(subject.start) * 1000,
            "end": possible(subject.start + window) * 1000,
            "type": subject.type,
            "entity": subject.entity,
            "vcenter": subject.vcenter,
            "count": tally.events,
        }
    )
    start = written(moment(subject.start))
    key = f"{start}/{subject.type}/{subject.entity or '-'}/{partition}-{tally.first}"
    return Outgoing(topic, value, key.encode(), (), partition)
