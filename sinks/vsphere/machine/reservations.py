"""Room in datastores that machines on their way there will take: a vCenter counts it only as it is filled."""

from __future__ import annotations

import threading
from time import monotonic
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST: Final = 4 * 3600.0
"""Seconds after which a move that nobody has waited for to its end no longer counts."""


class Place(NamedTuple):
    """An object of a vCenter, by the vCenter's name and its moref."""

    vcenter: str
    moref: str


class _Held(NamedTuple):
    store: Place
    size: int
    until: float


class Reservations:
    """What moves of this process will take. Safe to use from several threads.

    Args:
        clock: seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._turn = threading.Lock()
        self._held: dict[Place, _Held] = {}

    def hold(self, machine: Place, store: Place, size: int) -> None:
        """Keep ``size`` bytes of a datastore for a machine; it has one reservation, the last one."""
        with self._turn:
            self._held[machine] = _Held(store, size, self._clock() + LONGEST)

    def release(self, machine: Place) -> None:
        """The machine has moved, or does not."""
        with self._turn:
            self._held.pop(machine, None)

    def taken(self, store: Place, *, by_others_than: Place) -> int:
        """Bytes of a datastore that are kept for other machines."""
        now = self._clock()
        with self._turn:
            self._held = {machine: held for machine, held in self._held.items() if held.until > now}
            return sum(
                held.size for machine, held in self._held.items() if held.store == store and machine != by_others_than
            )


OF_THIS_PROCESS: Final = Reservations()
"""What every sink uses unless it is given another: datastores know no borders inside a process."""
