"""An event as a throttle sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from streams.transport import Record


class Seen(NamedTuple):
    """One record of a throttled route.

    Attributes:
        offset: its place in the partition.
        time: when it reached Kafka, in milliseconds of the epoch.
        group: what it is throttled with.
        record: the whole of it, to be passed on.
    """

    offset: int
    time: int
    group: bytes
    record: Record | None = None
