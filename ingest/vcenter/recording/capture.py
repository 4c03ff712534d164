"""From a running vCenter into a recording: its pages as they come, through lost sessions, until told to stop.

Only answers to the question for events are kept, none to a log-in. After a fault the log is read again from a minute
before the latest event: whoever plays the recording drops what comes twice.
"""

from __future__ import annotations

import logging
from contextlib import closing
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Final

from ingest.vcenter.feeds.expiry import Expiry
from ingest.vcenter.feeds.feed import Unreadable
from ingest.vcenter.feeds.live import LiveFeed
from ingest.vcenter.instant import EPOCH, instant
from ingest.vcenter.position.deduplicator import LOOK_BACK
from ingest.vcenter.position.start import beginning
from ingest.vcenter.recording.header import Header
from ingest.vcenter.tailing.patience import Patience

if TYPE_CHECKING:
    import threading
    from datetime import datetime

    from clients.vsphere.logins import Logins
    from ingest.vcenter.recording.pages import Writer
    from schemas.config import VcenterConfig

WORD: Final = 10.0
"""Seconds between two words about how far it is."""

log = logging.getLogger(__name__)


class Capture:
    """One recording in the making.

    Args:
        config: the vCenter; ``start_from`` says where its log is begun.
        logins: see ``LiveFeed``.
        writer: takes the pages.
        limit: most pages that are wanted; None for all.
    """

    def __init__(self, config: VcenterConfig, logins: Logins, writer: Writer, *, limit: int | None = None) -> None:
        self.pages = 0
        self.events = 0
        self._config = config
        self._feed = partial(LiveFeed, config, logins, Expiry(config))
        self._writer = writer
        self._limit = limit
        self._latest: datetime | None = None
        self._next_word = monotonic() + WORD

    def run(self, stop: threading.Event) -> None:
        """Record until ``stop``, or until there are pages enough.

        Raises:
            ReflexarcError: the vCenter could not be reached, or refused us, at the beginning; later on that is said
                and tried again.
        """
        patience = Patience(self._config.name)
        while not (stop.is_set() or self._is_full()):
            try:
                with closing(self._feed()) as feed:
                    self._begin(feed)
                    while not (stop.is_set() or self._is_full()):
                        if not self._take(feed):
                            stop.wait(self._config.poll)
                        patience.restore()
            except Exception as error:
                if self._latest is None:
                    raise
                stop.wait(patience.rest(error))

    def _begin(self, feed: LiveFeed) -> None:
        feed.open()
        now = feed.now()
        if self._latest is None:
            begin = beginning(self._config.start_from, now)
        else:
            begin = max(EPOCH + LOOK_BACK, self._latest) - LOOK_BACK
        feed.seek(begin)
        self._latest = self._latest or begin
        self._writer.header(
            Header(
                vcenter=self._config.name,
                instance_uuid=feed.instance_uuid,
                api_version=feed.api_version,
                clock=now.isoformat(),
            )
        )
        log.info("vCenter %s: recording what it has logged since %s", self._config.name, begin.isoformat())

    def _take(self, feed: LiveFeed) -> bool:
        """Keep the next page; false when there is none yet."""
        body = feed.page(self._config.page)
        try:
            events = feed.decoded(body)
        except Unreadable as refusal:
            log.warning("%s; kept as it is", refusal)
            self._keep(body, 0)
            return True
        if not events:
            return False
        self._keep(body, len(events))
        self._latest = max([self._latest or EPOCH, *(instant(event.created_time) for event in events)])
        return True

    def _keep(self, body: bytes, events: int) -> None:
        self._writer.page(body)
        self.pages += 1
        self.events += events
        if monotonic() >= self._next_word:
            self._next_word = monotonic() + WORD
            log.info("vCenter %s: %d pages, %d events so far", self._config.name, self.pages, self.events)

    def _is_full(self) -> bool:
        return self._limit is not None and self.pages >= self._limit
