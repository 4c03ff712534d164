"""The contract of a throttle, and which one a configuration asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from streams.throttling.accumulate import Accumulate
from streams.throttling.once_after import OnceAfter
from streams.throttling.once_within import OnceWithin

if TYPE_CHECKING:
    from schemas.config import ThrottleConfig
    from streams.throttling.remembered import Remembered
    from streams.throttling.seen import Seen
    from streams.throttling.step import Step


class Throttle(Protocol):
    """Decides for one partition of one route, by nothing but the records of the partition and what is remembered.

    So a decision is the same again after a restart, wherever it came: records that are not done come again, in their
    order; among them may be some that are done, which the marks tell.
    """

    def take(self, seen: Seen) -> list[Step]:
        """What the next record brings about, in order; it is in ``done`` of one of the steps, or held back."""
        ...

    def advance(self, time: int) -> list[Step]:
        """What the time alone brings about, in milliseconds of the epoch: no record before it will come any more."""
        ...

    def relieve(self) -> Step | None:
        """Let go of the oldest that is held back, with its group, ahead of time; None when nothing is."""
        ...

    @property
    def due(self) -> int | None:
        """When ``advance`` will bring something about."""
        ...


def throttle(config: ThrottleConfig, marks: Remembered) -> Throttle:
    """The throttle of one partition.

    Args:
        config: of the route.
        marks: what is remembered of the partition's groups; the throttle writes to it.
    """
    window = round(config.window * 1000)
    if config.accumulate is not None:
        return Accumulate(window, config.accumulate.count, marks)
    return OnceWithin(window, marks) if config.once_within is not None else OnceAfter(window, marks)
