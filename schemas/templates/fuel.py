"""How much work the templates of one transform may do for one event."""

from __future__ import annotations

from typing import Final

from schemas.templates.unfit import Unfit

TANK: Final = 2**20
"""Units of work for one event. A unit is a character read or written, or the time that takes: 8 ns at the most."""


class Fuel:
    """A budget. Work is paid for before it is done wherever its size is known before."""

    __slots__ = ("_left",)

    def __init__(self, units: int = TANK) -> None:
        self._left = units

    def spend(self, units: int) -> None:
        """Pay for some work.

        Raises:
            Unfit: there is not that much left.
        """
        self._left -= units
        if self._left < 0:
            raise Unfit("needs more work than one event may cost; its texts or lists are too long")
