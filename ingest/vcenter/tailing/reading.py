"""One opened feed, read from the tail's position on, whatever the log does."""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING

from ingest.vcenter.feeds.feed import Unreadable
from ingest.vcenter.instant import EPOCH, instant
from ingest.vcenter.tailing import notices, passage
from ingest.vcenter.tailing.portion import Portion

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from ingest.vcenter.event import VcenterEvent
    from ingest.vcenter.feeds.clock import Clock
    from ingest.vcenter.feeds.feed import Feed
    from ingest.vcenter.position.deduplicator import Deduplicator
    from ingest.vcenter.tailing.followed import Followed
    from ingest.vcenter.tailing.intake import Intake
    from ingest.vcenter.tailing.outlet import Outlet
    from schemas.config import VcenterConfig

log = logging.getLogger(__name__)


class Reading:
    """Moves in one feed, and gives what it reads to the intake; of no use once a method has raised.

    Args:
        config: the vCenter.
        feed: open.
        deduplicator: made from the tail's checkpoint.
        intake: takes what is read.
        outlet: takes what there is to tell of the reading itself.
        followed: hears how it goes.
        clock: the vCenter's.

    Attributes:
        at_end: whether the last step came to the end of the log, so that there is time to rest.
    """

    def __init__(
        self,
        config: VcenterConfig,
        feed: Feed,
        deduplicator: Deduplicator,
        *,
        intake: Intake,
        outlet: Outlet,
        followed: Followed,
        clock: Clock,
    ) -> None:
        self.at_end = False
        self._name = config.name
        self._full = config.page
        self._portion = Portion(config.page)
        self._feed = feed
        self._deduplicator = deduplicator
        self._intake = intake
        self._outlet = outlet
        self._followed = followed
        self._clock = clock

    def join(self) -> None:
        """Go to where the tail stands; tell if it stands nowhere in this log."""
        self._seek()
        known = self._deduplicator.place
        if not self._deduplicator.rejoin(max((event.key for event in self._latest()), default=None)):
            reborn = notices.incarnation(known, self._deduplicator.incarnation, reason="the log ends before our event")
            self._outlet.submit(self._deduplicator.checkpoint(), notices=(reborn,))
            self._seek()
        self._followed.begun(self._begin)

    def step(self) -> Sequence[VcenterEvent] | None:
        """Read once, hand over what is new.

        Returns:
            What was read; None when the feed was moved to read it in smaller portions, or around one event.
        """
        asked = self._portion.size
        try:
            events = self._feed.read(asked)
        except Unreadable as refusal:
            self.at_end = asked == 1  # alone, it is rested for like the end of the log: nothing here spins
            self._avoid(refusal)
            return None
        self._followed.read(len(events))
        if events:
            self._intake.take(events, api_version=self._feed.api_version)
            self._portion.moved(self._deduplicator.since)
        else:
            self._portion.restore()
        self.at_end = len(events) < asked
        return events

    def look(self) -> None:
        """Nothing was read for a while: is the log quiet, is the cursor stuck, or was the clock set back?"""
        latest, now = self._latest(), self._clock.heard(self._feed.now())
        if not self._deduplicator.is_behind(latest, now):
            if now < self._begin:
                self._seek()
        elif self._misses(latest, now):
            self._unstick(latest, now)

    def _misses(self, latest: Sequence[VcenterEvent], now: datetime) -> bool:
        """Whether reads end before one of these has come."""
        while events := self.step():
            if not self._deduplicator.is_behind(latest, now):
                return False
        return events is not None

    def _seek(self) -> None:
        now = self._clock.heard(self._feed.now())
        self._begin = self._deduplicator.begin(now)
        if EPOCH < now < self._deduplicator.horizon:  # at EPOCH there is no clock
            told = notices.rewind(self._deduplicator.place, now=now, begin=self._begin)
            self._outlet.tell(self._deduplicator.checkpoint(), told)
        self._intake.rejoin()
        self._feed.seek(self._begin)

    def _latest(self) -> list[VcenterEvent]:
        """Of those with a key: by the others nobody can tell whether anything is missing."""
        try:
            return [event for event in self._feed.latest() if event.markup is None]
        except Unreadable as refusal:  # reading page by page will come to it, in smaller portions
            log.warning("%s; its newest events are not known", refusal)
            return []

    def _avoid(self, refusal: Unreadable) -> None:
        reached = max(self._deduplicator.time, self._deduplicator.since)
        if self._portion.size > 1 and refusal.divisible:
            self._portion.shrink(reached)
            log.warning("%s; reading again by %d", refusal, self._portion.size)
            self._seek()
        else:
            log.error("%s; kept as a dead letter", refusal)
            self._intake.give_up(refusal)
            self._portion.pass_by(reached, self._deduplicator.since)

    def _unstick(self, latest: Sequence[VcenterEvent], now: datetime) -> None:
        """Open a new cursor; if that one stands still too, pass by what cannot be read."""
        known = self._deduplicator.place
        newest = max(latest, key=lambda event: (instant(event.created_time), event.key))
        # A cursor may also have gone past an event that was committed late; it stands still for none of these.
        is_ahead = instant(newest.created_time) > known.time or known.last_key is None or newest.key > known.last_key
        if is_ahead:
            self._outlet.tell(self._deduplicator.checkpoint(), notices.stall(known, newest=newest.key))
        self._seek()
        if self._misses(latest, now) and is_ahead:
            self._pass_by(instant(newest.created_time), now)

    def _pass_by(self, end: datetime, now: datetime) -> None:
        known = self._deduplicator.place
        found = passage.find(
            self._feed,
            partial(self._deduplicator.is_behind, now=now),
            start=known.time if known.time < end else self._begin,
            end=end,
            limit=self._full,
        )
        if found is None:
            log.error("vCenter %s: reads stay empty at its newest event, too; trying again", self._name)
            self._seek()
            return
        reason = "reads stay empty before, from any beginning"
        told = notices.gap(known, until=found.first, before=notices.text(found.begin), reason=reason)
        self._deduplicator.leap(found.begin)
        self._outlet.submit(self._deduplicator.checkpoint(), notices=(told,))
        self._seek()
