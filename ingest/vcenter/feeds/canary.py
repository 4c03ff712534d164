"""A synthetic event that proves the way from the vCenter into Kafka, and to every sink that its route leads to.

It is posted on the session of the tail, between two reads, and comes back like any other event. Nothing that goes wrong
with it harms the tail.
"""

from __future__ import annotations

import logging
from secrets import token_hex
from time import monotonic
from typing import TYPE_CHECKING, Final

from ingest.metrics import CANARIES, CANARY_INTERVAL, CANARY_SECONDS, CANARY_SUCCESS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ingest.vcenter.event import VcenterEvent
    from ingest.vcenter.feeds.feed import Feed
    from schemas.config import VcenterConfig

SUBJECT: Final = "GeneralUserEvent"
MESSAGE: Final = "reflexarc canary"
"""How its message begins; a token follows."""

MOST: Final = 10
"""Canaries on their way that are remembered."""

log = logging.getLogger(__name__)


class Canary:
    """The canary of one vCenter, if its configuration has one.

    Args:
        config: the vCenter.
    """

    def __init__(self, config: VcenterConfig) -> None:
        self._vcenter = config.name
        self._every = config.canary.every if config.canary else None
        self._next = 0.0
        self._flying: dict[bytes, float] = {}
        self._said = ""
        if self._every is not None:
            CANARY_INTERVAL.labels(self._vcenter).set(self._every)
            CANARY_SUCCESS.labels(self._vcenter).set_to_current_time()  # from now on one is missed
            CANARY_SECONDS.labels(self._vcenter)
            for outcome in ("ok", "failed", "late"):
                CANARIES.labels(self._vcenter, outcome)

    def fly(self, feed: Feed) -> None:
        """Post one if it is time to; raises nothing."""
        if self._every is None or monotonic() < self._next:
            return
        self._next = monotonic() + self._every
        if self._flying:
            CANARIES.labels(self._vcenter, "late").inc()
        token = token_hex(8)
        posted = monotonic()
        try:
            feed.say(f"{MESSAGE} {token}")
        except Exception as error:  # noqa: BLE001 - the next read of the tail finds out what is wrong with the vCenter
            CANARIES.labels(self._vcenter, "failed").inc()
            self._tell(f"cannot be posted: {error}")
            return
        self._tell("")
        self._flying[token.encode()] = posted
        for oldest in list(self._flying)[:-MOST]:
            del self._flying[oldest]

    def seen(self, events: Sequence[VcenterEvent]) -> float | None:
        """When the oldest canary of ours among the events was posted, by ``time.monotonic``; None without one."""
        if not self._flying:
            return None
        said = [event.data for event in events if event.name == SUBJECT]
        found = [token for token in self._flying if any(token in data for data in said)]
        return min((self._flying.pop(token) for token in found), default=None)

    def _tell(self, trouble: str) -> None:
        if trouble != self._said:
            self._said = trouble
            log.warning("vCenter %s: its canary %s", self._vcenter, trouble or "can be posted again")


def arrived(vcenter: str, posted: float | None) -> None:
    """Count a canary whose event was committed just now; None is no canary."""
    if posted is not None:
        CANARIES.labels(vcenter, "ok").inc()
        CANARY_SECONDS.labels(vcenter).observe(monotonic() - posted)
        CANARY_SUCCESS.labels(vcenter).set_to_current_time()
