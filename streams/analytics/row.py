"""A tally that is ready, as the record that subscribers read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from clients.kafka.record import Outgoing

if TYPE_CHECKING:
    from schemas.avro.encoding import Encoding
    from streams.analytics.occurrence import Subject
    from streams.analytics.tally import Tally

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def outgoing(
    subject: Subject, tally: Tally, *, topic: str, partition: int, window: int, encoding: Encoding
) -> Outgoing:
    """The row: in the partition that its events are in, with a key that no other tally has.

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
            "start": subject.start * 1000,
            "end": (subject.start + window) * 1000,
            "type": subject.type,
            "entity": subject.entity,
            "vcenter": subject.vcenter,
            "count": tally.events,
        }
    )
    start = (_EPOCH + timedelta(milliseconds=subject.start)).isoformat().replace("+00:00", "Z")
    key = f"{start}/{subject.type}/{subject.entity or '-'}/{partition}-{tally.first}"
    return Outgoing(topic, value, key.encode(), (), partition)
