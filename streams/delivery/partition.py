"""What one assignment of one partition has in delivery: its lanes, and what it remembers of origins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams.delivery.origins import Origins
from streams.transport import Revoked

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streams.delivery.lane import Lane
    from streams.transport import Lease


class Partition:
    """Ends with its lease.

    Attributes:
        lease: the right to work on it.
        origins: tells repetitions.
        lanes: by key.
    """

    __slots__ = ("lanes", "lease", "origins")

    def __init__(self, lease: Lease) -> None:
        self.lease = lease
        self.origins = Origins(lease.state)
        self.lanes: dict[bytes, Lane] = {}
        lease.remember(self.origins.state)

    def done(self, offset: int) -> None:
        """Report a record that was worked on; call it inside ``lease.work()``."""
        self.origins.finish(offset)
        self.lease.done(offset)

    def pass_over(self, offsets: Iterable[int]) -> None:
        """Report records that there is nothing to do for.

        Raises:
            Revoked: the partition left before that.
        """
        if not self.lease.begin():
            raise Revoked
        try:
            self.lease.done_all(offsets)
        finally:
            self.lease.end()
