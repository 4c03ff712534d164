"""One lane: records of one key that wait their turn, and what the first of them has gone through."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from streams.delivery.circuit import Trial

if TYPE_CHECKING:
    from streams.delivery.partition import Partition
    from streams.transport import Record


class Lane:
    """What waits, and how far it has come.

    Attributes:
        partition: where its records come from.
        key: of all of them; None: a lane of one record, which nothing has to wait for.
        waiting: in the order of the log.
        trial: of the first.
    """

    __slots__ = ("key", "partition", "trial", "waiting")

    def __init__(self, partition: Partition, key: bytes | None, record: Record) -> None:
        self.partition = partition
        self.key = key
        self.waiting = deque((record,))
        self.trial = Trial()

    @property
    def head(self) -> Record:
        """The record whose turn it is."""
        return self.waiting[0]
