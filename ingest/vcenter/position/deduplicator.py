"""Which events of one vCenter have been taken, so that re-reading its log takes each one once."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from ingest.vcenter.instant import EPOCH, instant
from ingest.vcenter.position.checkpoint import Place
from ingest.vcenter.position.incarnation import has_rolled_over, is_reborn
from ingest.vcenter.position.keys import KeyRanges

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ingest.vcenter.event import VcenterEvent
    from ingest.vcenter.position.checkpoint import Checkpoint

LOOK_BACK: Final = timedelta(seconds=60)
"""How long before the latest event a restart reads again: an event may be committed after a later one."""

MAX_RANGES: Final = 10_000
"""Most ranges a checkpoint holds (200 kB); of keys beyond, the oldest, none is expected any more, not even late."""


class _Run(NamedTuple):
    """Neighbouring keys that were taken when ``time`` was the latest creation time."""

    first: int
    last: int
    time: datetime


class Deduplicator:
    """The memory of one tail. It starts as a checkpoint, learns from every event, and can be asked for the next one.

    Args:
        checkpoint: where to go on.

    Attributes:
        last_key, time, since, horizon: see ``Checkpoint``.
    """

    last_key: int | None
    time: datetime
    since: datetime
    horizon: datetime
    _recent: datetime | None
    _time_key: int | None
    _forgotten: int | None
    _seen: KeyRanges
    _runs: deque[_Run]

    def __init__(self, checkpoint: Checkpoint) -> None:
        self._start(checkpoint)

    @property
    def incarnation(self) -> int:
        """How often the keys have started anew."""
        return self._base.incarnation

    @property
    def place(self) -> Place:
        """How far the log is known."""
        return Place(self._base.incarnation, self.last_key, self.time)

    @property
    def anchored(self) -> bool:
        """Whether the log must still hold an event that is known, unless it was purged."""
        return self._time_key is not None

    def take(self, event: VcenterEvent) -> bool:
        """Whether the event is new; it is known from now on.

        Increments ``incarnation`` first when the event proves that the keys have started anew.
        """
        created = instant(event.created_time)
        is_dated = created != EPOCH
        if is_reborn(event.key, created, seen=self._seen, latest=self.time):
            self._begin_incarnation(created if is_dated else self.time)
        elif self._knows(event.key, created):
            return False
        if created >= self.time:
            self.time, self._time_key = created, event.key
        if is_dated:
            self._recent = created
        self._remember(event.key)
        return True

    def begin(self, now: datetime) -> datetime:
        """From which creation time to read the log again.

        Args:
            now: the vCenter's clock. When it was set back, new events are older than those already taken, and may be
                as old as the last of them.
        """
        if self._recent is not None and self._recent < _before(self.time):
            return _before(min(now, self._recent))
        return self.horizon if now >= self.horizon else _before(now)

    def is_behind(self, events: Iterable[VcenterEvent], now: datetime) -> bool:
        """Whether one of the newest events of the log, its clock being ``now``, is yet to be taken.

        One without a readable time is not waited for: no reading from a creation time on must give it.
        """
        begin = self.begin(now)
        moments = [(event.key, instant(event.created_time)) for event in events]
        return any(created >= begin and self._is_new(key, created) for key, created in moments)

    def leap(self, begin: datetime) -> None:
        """Want nothing more that was created before ``begin``; what is known may not be behind it."""
        self.since = max(self.since, begin)
        self.horizon = max(self.horizon, begin)
        self._recent = begin
        self._time_key = None

    def rejoin(self, newest: int | None) -> bool:
        """Whether the log that was just opened at ``begin`` still holds what is known of it.

        Increments ``incarnation`` when it does not: the latest known event is not old enough to have been dropped, so a
        log that ends before its key is another one, such as a restored backup.

        Args:
            newest: greatest key in the log from ``begin`` on; None when it is empty.
        """
        if newest is None or self._time_key is None or newest >= self._time_key:
            return True
        if has_rolled_over(self._time_key, newest):  # the same log; reading on will come to the break
            return True
        self._begin_incarnation(self.time + datetime.resolution)
        return False

    def checkpoint(self) -> Checkpoint:
        """The position after everything taken so far."""
        return replace(
            self._base,
            time=self.time,
            time_key=self._time_key,
            since=self.since,
            last_key=self.last_key,
            forgotten=self._forgotten,
            seen=self._seen.ranges,
            horizon=self.horizon,
            recent=self._recent,
        )

    def _start(self, checkpoint: Checkpoint) -> None:
        self._base = checkpoint
        self.last_key = checkpoint.last_key
        self.time = checkpoint.time
        self.since = checkpoint.since
        self.horizon = checkpoint.horizon or checkpoint.since
        self._forgotten = checkpoint.forgotten
        self._recent = checkpoint.recent
        self._time_key = checkpoint.time_key
        self._seen = KeyRanges(checkpoint.seen)
        self._runs = deque(_Run(first, last, self.time) for first, last in checkpoint.seen)

    def _is_new(self, key: int, created: datetime) -> bool:
        return is_reborn(key, created, seen=self._seen, latest=self.time) or not self._knows(key, created)

    def _knows(self, key: int, created: datetime) -> bool:
        if key in self._seen:
            return True
        return created < self.since and self._forgotten is not None and key <= self._forgotten

    def _begin_incarnation(self, created: datetime) -> None:
        # What the log still holds from before belongs to the incarnation before.
        self._start(self.checkpoint().reborn(created))

    def _remember(self, key: int) -> None:
        self.last_key = key if self.last_key is None else max(self.last_key, key)
        self.horizon = max(self.horizon, _before(self.time))
        self.since = max(self.since, self.horizon)
        self._seen.add(key, key)
        newest = self._runs[-1] if self._runs else None
        if newest and newest.last == key - 1 and newest.time == self.time:
            self._runs[-1] = newest._replace(last=key)
        else:
            self._runs.append(_Run(key, key, self.time))
        while self._runs and (self._runs[0].time < self.horizon or len(self._seen) > MAX_RANGES):
            self._forget(self._runs.popleft())

    def _forget(self, run: _Run) -> None:
        self._seen.discard(run.first, run.last)
        self._forgotten = run.last if self._forgotten is None else max(self._forgotten, run.last)
        self.since = max(self.since, run.time + datetime.resolution)


def _before(moment: datetime) -> datetime:
    return max(EPOCH + LOOK_BACK, moment) - LOOK_BACK
