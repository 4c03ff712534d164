"""One partition of a throttled route, as long as it is ours."""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import TYPE_CHECKING, Final

from streams.throttling.seen import Seen
from streams.throttling.step import Step
from streams.transport.held import FULL_BYTES, FULL_SPAN, RESUME_BYTES, RESUME_SPAN
from streams.transport.ledger import Ledger
from streams.transport.tick import is_tick

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from streams.throttling.remembered import Remembered
    from streams.throttling.throttle import Throttle
    from streams.transport import Lease, Record

ROOM: Final = 0.8
"""Share of what the transport lets be unfinished that a throttle uses; beyond it the oldest is let go."""

AGAIN: Final = 5.0
"""Seconds after which a tick that has not come back is sent again: the partition is paused, or far behind."""

PROBE: Final = 30.0
"""Seconds without a record after which a crowded partition is looked at: the transport may have paused it."""


class Share:
    """Its books; one task at a time.

    Args:
        lease: the right to work on it.
        number: of the partition.
        throttle: decides.
        marks: what is remembered, shared with the throttle.
        window: of the throttle, milliseconds.

    Attributes:
        turn: held by whoever carries out steps.
    """

    def __init__(self, lease: Lease, number: int, throttle: Throttle, marks: Remembered, window: int) -> None:
        self.lease = lease
        self.number = number
        self.turn = asyncio.Lock()
        self._throttle = throttle
        self._marks = marks
        self._window = window
        self._ledger = Ledger()
        self._clock = 0
        self._heard = monotonic()
        self._ticked: float | None = None

    def take(self, records: Iterable[Record]) -> list[Step]:
        """What these records bring about; what must be let go to make room comes last."""
        steps: list[Step] = []
        self._heard = monotonic()
        for record in records:
            self._ledger.deliver(record.offset, record.size)
            self._clock = max(self._clock, record.timestamp)
            if is_tick(record):
                self._ticked = None
                new = [*self._throttle.advance(record.timestamp), Step((record.offset,))]
            else:
                new = self._throttle.take(Seen(record.offset, record.timestamp, record.key or b"", record))
            self._book(new)
            steps += new
        if self._beyond(ROOM * FULL_BYTES, ROOM * FULL_SPAN):
            steps += self.relieve()
        return steps

    def relieve(self) -> list[Step]:
        """Let go of the oldest until the transport would read on."""
        steps: list[Step] = []
        while self.crowded and (step := self._throttle.relieve()) is not None:
            self._book((step,))
            steps.append(step)
        return steps

    def forget(self) -> Iterator[bytes]:
        """Groups that need not be remembered any more."""
        head = self._ledger.head
        return self._marks.forget(clock=self._clock, window=self._window, first=head.offset if head else None)

    @property
    def crowded(self) -> bool:
        """Whether so much is unfinished that the transport, once it has paused the partition, would not read on."""
        return self._beyond(ROOM * RESUME_BYTES, ROOM * RESUME_SPAN)

    def overdue(self, now: int) -> bool:
        """Whether the time must be told to the partition: by the clock, milliseconds of the epoch, something ends.

        Or whether it is read at all must be found out.
        """
        if self._ticked is not None and not self.silent:
            return False
        due = self._throttle.due
        return (due is not None and due <= now) or (self.crowded and monotonic() - self._heard > PROBE)

    @property
    def silent(self) -> bool:
        """Whether the last tick has not come back for long."""
        return self._ticked is not None and monotonic() - self._ticked > AGAIN

    def ticked(self) -> None:
        """Note that a tick was sent."""
        self._ticked = monotonic()

    def _beyond(self, size: float, span: float) -> bool:
        return self._ledger.bytes > size or self._ledger.span > span

    def _book(self, steps: Sequence[Step]) -> None:
        for step in steps:
            for offset in step.done:
                self._ledger.done(offset)
        self._ledger.committable()
