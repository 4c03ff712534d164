"""What is told of a vCenter while it is followed: one line in the log for each change of state, and its metrics."""

from __future__ import annotations

import logging
from threading import Lock
from time import time
from typing import TYPE_CHECKING

from ingest.metrics import (
    CANARY_INTERVAL,
    CANARY_SUCCESS,
    CLOCK_OFFSET,
    DEAD_LETTERS,
    DUPLICATES,
    EVENTS,
    LAG,
    LAST_READ,
    LOGINS,
    MISSING,
    NOTICES,
    OWN_SESSIONS,
    PAGES,
    UP,
)
from ingest.vcenter.instant import EPOCH
from ingest.vcenter.tailing.losses import Losses
from ingest.vcenter.tailing.notices import KINDS, LOSSES

if TYPE_CHECKING:
    from datetime import datetime

    from prometheus_client import Gauge

    from ingest.vcenter.tailing.notices import Notice

log = logging.getLogger(__name__)


class Followed:
    """The state of one vCenter, for whoever watches. Its counters are there from the start, so that a first loss shows.

    All of it is for the thread of the tail, but ``ended``: that thread may still wait for an answer when the next tail
    has begun.

    As JSON each line has the fields ``vcenter`` and ``state``, and what is known beside them.

    Args:
        vcenter: configured name.
        losses: of the process; hears of each.
    """

    def __init__(self, vcenter: str, losses: Losses | None = None) -> None:
        self._vcenter = vcenter
        self._losses = losses or Losses()
        self._has_ended = False
        self._lock = Lock()
        self._show(LAST_READ, time())  # from now on silence counts
        self._show(UP, 0)
        self._pages = PAGES.labels(vcenter)
        self._notices = {kind: NOTICES.labels(vcenter, kind) for kind in KINDS}
        self._missing = MISSING.labels(vcenter)
        self.duplicates = DUPLICATES.labels(vcenter)
        self.own_sessions = OWN_SESSIONS.labels(vcenter)
        for counter in (EVENTS, DEAD_LETTERS):
            counter.labels(vcenter)
        for outcome in ("ok", "failed"):
            LOGINS.labels(vcenter, outcome)

    def begun(self, moment: datetime) -> None:
        """We are logged in, and read what was created at ``moment`` or later."""
        self._show(UP, 1)
        begin = "its beginning" if moment == EPOCH else moment.isoformat()
        self._tell(logging.INFO, "followed", f"followed from {begin} on", begin=begin)

    def interrupted(self) -> None:
        """We are logged in no more, for now."""
        self._show(UP, 0)

    def read(self, events: int) -> None:
        """It has answered with so many events."""
        self._show(LAST_READ, time())
        self._pages.inc(events > 0)

    def clock_is_ahead(self, seconds: float) -> None:
        """So far is its clock ahead of ours."""
        self._show(CLOCK_OFFSET, seconds)

    def noticed(self, notice: Notice) -> None:
        """An event of ours tells this of its log."""
        self._notices[notice.kind].inc()
        self._missing.inc(notice.missing)
        self._losses.heard(self._vcenter, notice)
        level = logging.ERROR if notice.kind in LOSSES else logging.WARNING
        self._tell(level, notice.kind, str(notice), incarnation=notice.incarnation, **notice.data)

    def ended(self) -> None:
        """This process follows it no longer: what it last saw of it says nothing from now on, and nothing is shown."""
        with self._lock:
            self._has_ended = True
            for gauge in (UP, LAST_READ, LAG, CLOCK_OFFSET, CANARY_INTERVAL, CANARY_SUCCESS):
                gauge.remove(self._vcenter)
        self._tell(logging.INFO, "left", "no longer followed")

    def _show(self, gauge: Gauge, value: float) -> None:
        with self._lock:
            if not self._has_ended:
                gauge.labels(self._vcenter).set(value)

    def _tell(self, level: int, state: str, sentence: str, **facts: object) -> None:
        extra = {"vcenter": self._vcenter, "state": state, **facts}
        log.log(level, "vCenter %s: %s", self._vcenter, sentence, extra=extra)
