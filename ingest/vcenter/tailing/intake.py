"""From events as they are read to what is handed over: each new one once, with what there is to tell."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from ingest.vcenter.instant import instant
from ingest.vcenter.tailing.screen import Screen, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clients.kafka.record import Outgoing
    from ingest.vcenter.event import VcenterEvent
    from ingest.vcenter.feeds.canary import Canary
    from ingest.vcenter.feeds.clock import Clock
    from ingest.vcenter.feeds.feed import Unreadable
    from ingest.vcenter.feeds.sessions import OwnSessions
    from ingest.vcenter.position.deduplicator import Deduplicator
    from ingest.vcenter.publishing.recorder import Recorder
    from ingest.vcenter.tailing.followed import Followed
    from ingest.vcenter.tailing.keyless import Keyless
    from ingest.vcenter.tailing.notices import Notice
    from ingest.vcenter.tailing.outlet import Outlet
    from schemas.config import VcenterConfig

CHUNK: Final = 1 << 20
"""Bytes of records after which a page is handed over in parts."""

NO_KEY: Final = "an event without a key that can be read"

log = logging.getLogger(__name__)


class Intake:
    """Takes what one feed gives.

    Args:
        config: the vCenter.
        deduplicator: knows what was taken before.
        sessions: ours; events about them are left out.
        recorder: makes records.
        outlet: takes them.
        followed: hears what was left out.
        clock: the vCenter's.
        canary: looked for among the events.
        keyless: knows which events without a key were handed over before.
    """

    def __init__(
        self,
        config: VcenterConfig,
        deduplicator: Deduplicator,
        *,
        sessions: OwnSessions,
        recorder: Recorder,
        outlet: Outlet,
        followed: Followed,
        clock: Clock,
        canary: Canary,
        keyless: Keyless,
    ) -> None:
        self._vcenter = config.name
        self._deduplicator = deduplicator
        self._screen = Screen(deduplicator, selective=bool(config.event_types))
        self._sessions = sessions
        self._recorder = recorder
        self._outlet = outlet
        self._followed = followed
        self._clock = clock
        self._canary = canary
        self._keyless = keyless

    def rejoin(self) -> None:
        """The log is read again from its look-back."""
        self._screen.rejoin()

    def take(self, events: Sequence[VcenterEvent], *, api_version: str) -> None:
        """Hand over what is new of these, the next events of the log.

        Raises:
            HandoverClosedError: nobody takes it.
        """
        records: list[Outgoing] = []
        told: list[Notice] = []
        size, moved = 0, False
        for event in events:
            fresh, notice = self._judge(event)
            if not fresh:
                self._followed.duplicates.inc()
                continue
            moved = True
            if notice is not None:
                told.append(notice)
            if self._sessions.own(event):
                self._followed.own_sessions.inc()
                continue
            records.append(self._record(event, api_version))
            size += records[-1].size
            if size >= CHUNK:
                self._hand_over(records, told, event)
                records, told, size, moved = [], [], 0, False
        if moved:
            self._hand_over(records, told, events[-1], self._canary.seen(events))

    def give_up(self, refusal: Unreadable) -> None:
        """Keep a page that cannot be decoded as a dead letter.

        Raises:
            HandoverClosedError: nobody takes it.
        """
        letter = self._recorder.unreadable(refusal.body, refusal.message)
        self._outlet.submit(self._deduplicator.checkpoint(), (letter,))

    def _judge(self, event: VcenterEvent) -> Verdict:
        if event.markup is None:
            return self._screen.judge(event)
        # Its key says nothing of the log, so nothing that is known of the log may change.
        return Verdict(fresh=self._keyless.take(event.markup))

    def _record(self, event: VcenterEvent, api_version: str) -> Outgoing:
        if event.markup is None:
            incarnation = self._deduplicator.incarnation
            return self._recorder.record(event, incarnation=incarnation, api_version=api_version)
        log.error("vCenter %s: %s; kept as a dead letter", self._vcenter, NO_KEY)
        return self._recorder.unreadable(event.markup, NO_KEY)

    def _hand_over(
        self, records: Sequence[Outgoing], told: Sequence[Notice], last: VcenterEvent, canary: float | None = None
    ) -> None:
        newest = self._clock.ours(instant(last.created_time)) if records else None
        self._outlet.submit(self._deduplicator.checkpoint(), records, notices=told, newest=newest, canary=canary)
