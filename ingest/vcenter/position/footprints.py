"""A position made anew from the events of one vCenter that are in Kafka."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ingest.vcenter.instant import EPOCH
from ingest.vcenter.position.checkpoint import Checkpoint
from ingest.vcenter.position.deduplicator import LOOK_BACK
from ingest.vcenter.position.keys import KeyRanges

if TYPE_CHECKING:
    from datetime import datetime


class Footprint(NamedTuple):
    """One event; the greatest is the last."""

    incarnation: int
    time: datetime
    key: int


class Footprints:
    """What was found of one vCenter, in any order; only what a checkpoint needs is kept."""

    def __init__(self) -> None:
        self.last: Footprint | None = None
        self._lately: list[Footprint] = []
        self._before: list[Footprint] = []

    @property
    def since(self) -> datetime:
        """Creation time from which on a checkpoint knows every key."""
        return EPOCH if self.last is None else max(self.last.time, EPOCH + LOOK_BACK) - LOOK_BACK

    def add(self, one: Footprint) -> None:
        """One more."""
        if self.last is None or one > self.last:
            self.last = one
        if one.incarnation == self.last.incarnation and one.time >= self.since:
            self._lately.append(one)
        else:
            self._before = [max([*self._before, one], key=lambda each: (each.incarnation, each.key))]

    def checkpoint(self, vcenter: str, instance_uuid: str) -> Checkpoint:
        """The position behind the last one.

        Raises:
            ValueError: nothing was found.
        """
        if self.last is None:
            raise ValueError("no event, no position")
        own = [each for each in (*self._before, *self._lately) if each.incarnation == self.last.incarnation]
        older = [each.key for each in own if each.time < self.since]
        return Checkpoint(
            vcenter=vcenter,
            instance_uuid=instance_uuid,
            incarnation=self.last.incarnation,
            time=self.last.time,
            time_key=self.last.key,
            since=self.since,
            last_key=max(each.key for each in own),
            forgotten=max(older, default=None),
            seen=KeyRanges((each.key, each.key) for each in own if each.time >= self.since).ranges,
        )
