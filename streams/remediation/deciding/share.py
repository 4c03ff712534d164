"""One partition of what the decider hears, as long as it is ours."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from schemas.remediation.appointment import Appointment
    from streams.guard.ledger import Ledger
    from streams.transport import Lease, Record


class Place(NamedTuple):
    """Where a request waits for a person: its record stays unfinished until there is an answer."""

    lease: Lease
    offset: int


class Share:
    """Its ledger, and the records of what is parked; one task at a time.

    The requests and what is urgent come by two topics. Partitions of one number are always with one member; when it
    loses them, their leases are closed one after the other, and the share ends with the first.

    Args:
        number: of the partitions.
        ledger: what was decided.
        appointments: what is taken back at a time, by the id of the action.

    Attributes:
        turn: held by whoever decides.
        parked: by the id of the request.
    """

    def __init__(self, number: int, ledger: Ledger, appointments: dict[str, Appointment]) -> None:
        self.number = number
        self.ledger = ledger
        self.appointments = appointments
        self.turn = asyncio.Lock()
        self.parked: dict[str, Place] = {}
        self._leases: dict[str, Lease] = {}

    def serves(self, topic: str, lease: Lease) -> bool:
        """Whether it is still the share of whoever holds ``lease``; takes it up if it is."""
        if not all(held.open for held in self._leases.values()):
            return False
        return self._leases.setdefault(topic, lease) is lease

    @property
    def lease(self) -> Lease | None:
        """One under which something may be stored; None when all have ended."""
        return next((lease for lease in self._leases.values() if lease.open), None)

    def hold(self, id: str, lease: Lease, record: Record) -> None:  # noqa: A002 - the attribute
        """Keep a record unfinished."""
        self.parked[id] = Place(lease, record.offset)

    def release(self, id: str) -> Place | None:  # noqa: A002 - the attribute
        """Where the request with this id was held, which may be finished now."""
        return self.parked.pop(id, None)
