"""What is told of a vCenter while it is followed: one line in the log for each change of state, and its metrics."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from ingest.metrics import (
    CANARY_INTERVAL,
    CANARY_SUCCESS,
    CLOCK_OFFSET,
    DEAD_LETTERS,
    DUPLICATES,
    EVENTS,
    INCARNATIONS,
    LAG,
    LAST_READ,
    LOGINS,
    MISSING,
    PAGES,
    STALLS,
    UP,
)
from ingest.vcenter.instant import EPOCH

if TYPE_CHECKING:
    from datetime import datetime

log = logging.getLogger(__name__)


class Followed:
    """The state of one vCenter, for whoever watches. Its counters are there from the start, so that a first loss shows.

    As JSON each line has the fields ``vcenter`` and ``state``, and what is known beside them.

    Args:
        vcenter: configured name.
    """

    def __init__(self, vcenter: str) -> None:
        self._vcenter = vcenter
        self._pages = PAGES.labels(vcenter)
        self._last_read = LAST_READ.labels(vcenter)
        self._last_read.set_to_current_time()  # from now on silence counts
        self._up = UP.labels(vcenter)
        self._stalls = STALLS.labels(vcenter)
        self._incarnations = INCARNATIONS.labels(vcenter)
        self._missing = MISSING.labels(vcenter)
        self.duplicates = DUPLICATES.labels(vcenter)
        for counter in (EVENTS, DEAD_LETTERS):
            counter.labels(vcenter)
        for outcome in ("ok", "failed"):
            LOGINS.labels(vcenter, outcome)

    def begun(self, moment: datetime) -> None:
        """We are logged in, and read what was created at ``moment`` or later."""
        self._up.set(1)
        begin = "its beginning" if moment == EPOCH else moment.isoformat()
        self._tell(logging.INFO, "followed", f"followed from {begin} on", begin=begin)

    def interrupted(self) -> None:
        """We are logged in no more, for now."""
        self._up.set(0)

    def read(self, events: int) -> None:
        """It has answered with so many events."""
        self._last_read.set_to_current_time()
        self._pages.inc(events > 0)

    def stalled(self, newest: int | None) -> None:
        """Reads stay empty, and its newest event has another key than what was read last."""
        self._stalls.inc()
        sentence = f"reads stay empty, its newest event is {newest}; reading anew"
        self._tell(logging.WARNING, "stalled", sentence, newest=newest)

    def reborn(self, incarnation: int) -> None:
        """Its keys have begun anew."""
        self._incarnations.inc()
        sentence = f"its event keys start anew, incarnation {incarnation}"
        self._tell(logging.WARNING, "reborn", sentence, incarnation=incarnation)

    def lost(self, first: int, last: int) -> None:
        """Its log has dropped these keys, both included, before they were read."""
        self._missing.inc(last - first + 1)
        sentence = f"events {first} to {last} are lost, its log no longer holds them"
        self._tell(logging.ERROR, "lost", sentence, first=first, last=last)

    def ended(self) -> None:
        """This process follows it no longer: what it last saw of it says nothing from now on."""
        for gauge in (UP, LAST_READ, LAG, CLOCK_OFFSET, CANARY_INTERVAL, CANARY_SUCCESS):
            gauge.remove(self._vcenter)
        self._tell(logging.INFO, "left", "no longer followed")

    def _tell(self, level: int, state: str, sentence: str, **facts: object) -> None:
        extra = {"vcenter": self._vcenter, "state": state, **facts}
        log.log(level, "vCenter %s: %s", self._vcenter, sentence, extra=extra)
