"""What one tail hands over: records, what there is to tell, and the position behind them, together."""

from __future__ import annotations

import logging
from collections import deque
from typing import TYPE_CHECKING, Final

from ingest.metrics import MISSING, NOTICES
from ingest.vcenter.handover import Chunk

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from clients.kafka.record import Outgoing
    from ingest.vcenter.checkpoint import Checkpoint
    from ingest.vcenter.handover import Handover
    from ingest.vcenter.notices import Notice
    from ingest.vcenter.recorder import Recorder

REMEMBERED: Final = 100
"""Notices that are not told a second time."""

_LOSSES: Final = frozenset({"gap", "purge"})

log = logging.getLogger(__name__)


class Outlet:
    """The way out of one tail.

    Args:
        vcenter: configured name.
        checkpoint: where the last process stood; None on the very first start.
        recorder: makes records of notices.
        handover: takes everything.
    """

    def __init__(self, vcenter: str, checkpoint: Checkpoint | None, *, recorder: Recorder, handover: Handover) -> None:
        self.checkpoint = checkpoint
        self._vcenter = vcenter
        self._recorder = recorder
        self._handover = handover
        self._told: deque[str] = deque(maxlen=REMEMBERED)

    def submit(
        self,
        checkpoint: Checkpoint,
        records: Sequence[Outgoing] = (),
        *,
        notices: Sequence[Notice] = (),
        newest: datetime | None = None,
    ) -> None:
        """Hand over; waits while the committer is behind.

        Args:
            checkpoint: the position behind the records.
            records: in order.
            notices: what is told in the same transaction.
            newest: creation time of the last event.

        Raises:
            HandoverClosedError: nobody takes it.
        """
        told = [self._recorder.notice(notice) for notice in notices]
        self._handover.submit(Chunk(checkpoint, (*told, *records), newest))
        self.checkpoint = checkpoint
        for notice in notices:
            self._say(notice)

    def tell(self, checkpoint: Checkpoint, notice: Notice) -> None:
        """Hand over a notice of what leaves no mark in the checkpoint, unless this process has told it already."""
        if notice.key not in self._told:
            self.submit(checkpoint, notices=(notice,))
            self._told.append(notice.key)

    def _say(self, notice: Notice) -> None:
        NOTICES.labels(vcenter=self._vcenter, kind=notice.kind).inc()
        MISSING.labels(vcenter=self._vcenter).inc(notice.missing)
        level = logging.ERROR if notice.kind in _LOSSES else logging.WARNING
        log.log(level, "vCenter %s: %s", self._vcenter, notice)
