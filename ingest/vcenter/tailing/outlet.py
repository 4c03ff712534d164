"""What one tail hands over: records, what there is to tell, and the position behind them, together."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final

from ingest.vcenter.publishing.handover import Chunk

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from clients.kafka.record import Outgoing
    from ingest.vcenter.position.checkpoint import Checkpoint
    from ingest.vcenter.publishing.handover import Lane
    from ingest.vcenter.publishing.recorder import Recorder
    from ingest.vcenter.tailing.followed import Followed
    from ingest.vcenter.tailing.notices import Notice

REMEMBERED: Final = 100
"""Notices that are not told a second time."""


class Outlet:
    """The way out of one tail.

    Args:
        checkpoint: where the last process stood; None on the very first start.
        recorder: makes records of notices.
        handover: takes everything.
        followed: hears what is told.
    """

    def __init__(
        self, checkpoint: Checkpoint | None, *, recorder: Recorder, handover: Lane, followed: Followed
    ) -> None:
        self.checkpoint = checkpoint
        self._followed = followed
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
        canary: float | None = None,
    ) -> None:
        """Hand over; waits while the committer is behind.

        Args:
            checkpoint: the position behind the records.
            records: in order.
            notices: what is told in the same transaction.
            newest: creation time of the last event, by our clock.
            canary: see ``Canary.seen``.

        Raises:
            HandoverClosedError: nobody takes it.
        """
        told = [self._recorder.notice(notice) for notice in notices]
        self._handover.submit(Chunk(checkpoint, (*told, *records), newest, canary))
        self.checkpoint = checkpoint
        for notice in notices:
            self._followed.noticed(notice)

    def tell(self, checkpoint: Checkpoint, notice: Notice) -> None:
        """Hand over a notice of what leaves no mark in the checkpoint, unless this process has told it already."""
        if notice.key not in self._told:
            self.submit(checkpoint, notices=(notice,))
            self._told.append(notice.key)
