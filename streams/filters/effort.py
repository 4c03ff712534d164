"""What one condition may spend on one event: counted, not timed, so that a replay decides as the first time did."""

from __future__ import annotations

from typing import Final

ALLOWED: Final = 50_000
"""Steps of about 100 ns: the worst events of 1 MiB that were found cost a condition 6 ms."""


class Exhausted(Exception):  # noqa: N818 - the state it names
    """The event has more to look at than a condition may; the condition then does not hold."""


class Effort:
    """Steps that are left."""

    __slots__ = ("left",)

    def __init__(self, allowed: int = ALLOWED) -> None:
        self.left = allowed

    def spend(self, steps: int) -> None:
        """Count ``steps``, before they are made.

        Raises:
            Exhausted: they are not left.
        """
        self.left -= steps
        if self.left < 0:
            raise Exhausted
