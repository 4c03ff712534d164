"""Following one vCenter's event log, through every fault, without loss or duplicate.

The tail reads, the deduplicator tells new from known, the committer commits events and checkpoint together. After a
fault a new feed starts a little before the last event handed over, and a deduplicator made from its checkpoint drops
what follows until then.
"""

from __future__ import annotations

import logging
from contextlib import closing
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from ingest.metrics import LOGINS, MISSING
from ingest.vcenter.checkpoint import Checkpoint
from ingest.vcenter.deduplicator import Deduplicator
from ingest.vcenter.feed import Unreadable
from ingest.vcenter.handover import Chunk, HandoverClosedError
from ingest.vcenter.instant import EPOCH, instant
from ingest.vcenter.patience import Patience
from ingest.vcenter.watch import StallWatch
from schemas.errors import Refused

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Sequence

    from clients.kafka.record import Outgoing
    from ingest.vcenter.event import VcenterEvent
    from ingest.vcenter.feed import Feed
    from ingest.vcenter.handover import Lane
    from ingest.vcenter.recorder import Recorder
    from schemas.config import VcenterConfig

CHUNK: Final = 1 << 20
"""Bytes of records after which a page is handed over in parts."""

log = logging.getLogger(__name__)


class Tail:
    """One vCenter, followed until asked to stop; its ``run`` is a thread's.

    Args:
        config: the vCenter.
        connect: makes a feed that is not open yet.
        checkpoint: where the last process stood; None on the very first start.
        recorder: makes records of events.
        handover: takes them.
    """

    def __init__(
        self,
        config: VcenterConfig,
        connect: Callable[[], Feed],
        checkpoint: Checkpoint | None,
        *,
        recorder: Recorder,
        handover: Lane,
    ) -> None:
        self.name = config.name
        self.following = False
        self._config = config
        self._connect = connect
        self._checkpoint = checkpoint
        self._recorder = recorder
        self._handover = handover
        self._page = config.page
        self._patience = Patience(config.name)

    def run(self, stop: threading.Event) -> None:
        """Follow until ``stop``; whatever goes wrong is said, rested for and tried again."""
        while not stop.is_set():
            try:
                with closing(self._connect()) as feed:
                    self._follow(feed, stop)
            except HandoverClosedError:
                return
            except Exception as error:  # noqa: BLE001 - the thread must outlive whatever a vCenter does
                stop.wait(self._patience.rest(error))

    def _follow(self, feed: Feed, stop: threading.Event) -> None:
        self._open(feed)
        deduplicator = self._resume(feed)
        self._seek(feed, deduplicator)
        if not deduplicator.rejoin(self._newest_key(feed)):
            self._say_reborn(deduplicator)
            self._seek(feed, deduplicator)
        self.following = True
        try:
            self._keep_reading(feed, deduplicator, stop)
        finally:
            self.following = False

    def _keep_reading(self, feed: Feed, deduplicator: Deduplicator, stop: threading.Event) -> None:
        watch = StallWatch()
        while not stop.is_set():
            limit = self._page
            events = self._read(feed, deduplicator)
            self._patience.restore()
            if events:
                watch.moved()
                self._take(events, deduplicator, feed.api_version)
            elif events is not None:
                self._page = self._config.page
                if watch.is_due():
                    self._look(feed, deduplicator)
            # An undecodable event that stands alone is rested for like the end of the log: nothing here spins.
            caught_up = limit == 1 if events is None else len(events) < self._page
            if caught_up:
                stop.wait(self._config.poll)

    def _open(self, feed: Feed) -> None:
        try:
            feed.open()
        except Exception:
            LOGINS.labels(vcenter=self.name, outcome="failed").inc()
            raise
        LOGINS.labels(vcenter=self.name, outcome="ok").inc()

    def _resume(self, feed: Feed) -> Deduplicator:
        if self._checkpoint is None:
            self._checkpoint = Checkpoint.first(self.name, feed.instance_uuid, self._start(feed.now()))
            # Committed before any event: a process that dies now does not start from a later "now".
            self._submit(Chunk(self._checkpoint))
        if feed.instance_uuid != self._checkpoint.instance_uuid:
            raise Refused(
                f"vCenter {self.name}: {self._config.url} is another server than before: instanceUuid "
                f"{feed.instance_uuid}, was {self._checkpoint.instance_uuid}",
                cure=f"correct vcenters.{self.name}.url, or give the new server a new name",
            )
        return Deduplicator(self._checkpoint)

    def _start(self, now: datetime) -> datetime:
        match self._config.start_from:
            case datetime() as start:
                return min(start, now)
            case float() | int() as seconds:
                back = timedelta(seconds=seconds)
                return max(EPOCH + back, now) - back
        return now

    def _seek(self, feed: Feed, deduplicator: Deduplicator) -> None:
        self._begin = deduplicator.begin(feed.now())
        self._joined = deduplicator.last_key is None
        feed.seek(self._begin)

    def _read(self, feed: Feed, deduplicator: Deduplicator) -> Sequence[VcenterEvent] | None:
        """The next events; None when the feed was moved to read them in smaller portions, or around one."""
        try:
            return feed.read(self._page)
        except Unreadable as refusal:
            if self._page > 1:
                self._page = max(1, self._page // 10)
                log.warning("%s; reading again by %d", refusal, self._page)
                self._seek(feed, deduplicator)
            else:
                log.error("%s; kept as a dead letter", refusal)  # noqa: TRY400 - the message says all
                letter = self._recorder.unreadable(refusal.body, refusal.message)
                self._submit(Chunk(deduplicator.checkpoint(), (letter,)))
            return None

    def _take(self, events: Sequence[VcenterEvent], deduplicator: Deduplicator, api_version: str) -> None:
        records: list[Outgoing] = []
        size = 0
        for event in events:
            before, incarnation = deduplicator.last_key, deduplicator.incarnation
            if not deduplicator.take(event):
                self._joined = True
                continue
            if deduplicator.incarnation != incarnation:
                self._say_reborn(deduplicator)
            elif not self._joined and before is not None and event.key > before + 1:
                self._report_gap(before + 1, event.key - 1)
            self._joined = True
            records.append(self._recorder.record(event, incarnation=deduplicator.incarnation, api_version=api_version))
            size += records[-1].size
            if size >= CHUNK:
                self._submit(Chunk(deduplicator.checkpoint(), tuple(records), instant(event.created_time)))
                records, size = [], 0
        if records:
            self._submit(Chunk(deduplicator.checkpoint(), tuple(records), instant(events[-1].created_time)))

    def _submit(self, chunk: Chunk) -> None:
        self._handover.submit(chunk)
        self._checkpoint = chunk.checkpoint

    def _look(self, feed: Feed, deduplicator: Deduplicator) -> None:
        """Nothing was read for a while: is the log quiet, is the cursor stuck, or was the clock set back?"""
        newest = self._newest_key(feed)
        ahead = newest is not None and (deduplicator.last_key is None or newest > deduplicator.last_key)
        if ahead and (events := feed.read(self._page)):
            self._take(events, deduplicator, feed.api_version)
        elif ahead or feed.now() < self._begin:
            log.warning("vCenter %s: reads stay empty, its newest event is %s; reading anew", self.name, newest)
            self._seek(feed, deduplicator)

    def _newest_key(self, feed: Feed) -> int | None:
        try:
            return feed.newest_key()
        except Unreadable as refusal:  # reading page by page will come to it, in smaller portions
            log.warning("%s; its newest event is not known", refusal)
            return None

    def _say_reborn(self, deduplicator: Deduplicator) -> None:
        log.warning("vCenter %s: its event keys start anew, incarnation %d", self.name, deduplicator.incarnation)

    def _report_gap(self, first: int, last: int) -> None:
        MISSING.labels(vcenter=self.name).inc(last - first + 1)
        log.error("vCenter %s: events %d to %d are lost, its log no longer holds them", self.name, first, last)
