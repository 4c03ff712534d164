"""What an agent gets as one Faust event: consecutive records of one partition, and the lease to work on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from streams.transport.lease import Lease
    from streams.transport.record import Record


class Chunk(NamedTuple):
    """Records in offset order. Work on them only inside ``lease.work()``; report with ``lease.done(offset)``."""

    lease: Lease
    records: tuple[Record, ...]
