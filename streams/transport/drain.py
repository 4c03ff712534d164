"""How the work of partitions ends that leave: it may finish until a deadline, then it is cancelled."""

from __future__ import annotations

import logging
from time import monotonic
from typing import TYPE_CHECKING, Final

from schemas.errors import ReflexarcError
from streams.transport import metrics

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from faust.types import TP

    from streams.transport.held import Held

log = logging.getLogger(__name__)

TURN: Final = 0.05
CANCEL_WAIT: Final = 20.0

_AGAIN: Final = "start the process again: it may work beside the next owner of the partition"


class Hangs(ReflexarcError):  # noqa: N818 - reads as the state it names
    """Work does not end although it was cancelled: only the end of the process ends it."""


class Drain:
    """Waits for what other threads finish, and for nothing else.

    Args:
        seconds: that begun work may take to finish.
        end_with: told of work that does not end although it was cancelled.
    """

    def __init__(self, seconds: float, end_with: Callable[[BaseException], None]) -> None:
        self._seconds = seconds
        self._end_with = end_with

    def finish(self, leaving: Mapping[TP, Held], meanwhile: Callable[[], None]) -> None:
        """Let begun work finish until the deadline, calling ``meanwhile`` again and again; then cancel the rest."""
        deadline = monotonic() + self._seconds
        with metrics.DRAIN.time():
            while not _idle(leaving.values(), min(deadline, monotonic() + TURN)) and monotonic() < deadline:
                meanwhile()
            self.cancel(leaving)

    def cancel(self, leaving: Mapping[TP, Held]) -> None:
        """End the work that is still running, and wait for that."""
        if _idle(leaving.values(), monotonic()):
            return
        metrics.CANCELLED_DRAINS.inc()
        for held in leaving.values():
            held.lease.cancel()
        deadline = monotonic() + CANCEL_WAIT
        for tp, held in leaving.items():
            if held.lease.wait_idle(deadline):
                continue
            if held.lease.running:
                where = f"{tp.topic}/{tp.partition}"
                self._end_with(Hangs(f"{where}: work does not end although it was cancelled", cure=_AGAIN))
            else:
                log.error("%s/%d: what was written is not stored; its events come again", *tp)


def _idle(leaving: Iterable[Held], deadline: float) -> bool:
    """Whether all are idle before the deadline; waits for each."""
    states = [held.lease.wait_idle(deadline) for held in leaving]
    return all(states)
