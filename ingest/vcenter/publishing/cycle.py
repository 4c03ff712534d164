"""What the process does again and again: serve the group, take over, gather, commit."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from clients.kafka.transactional import AbortedError, BrokenError
from schemas.errors import Unreachable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ingest.vcenter.publishing.committer import Committer
    from ingest.vcenter.publishing.handover import Chunk, Handover
    from ingest.vcenter.sharing.membership import Membership
    from ingest.vcenter.sharing.ownership import Ownership

LOOK: Final = 0.2
"""Seconds between two looks at the group, and whether it is time to stop."""

LINGER: Final = 0.05
"""Seconds to gather other vCenters' events for one transaction: it costs the same for one event and for fifty."""

BATCH: Final = 1 << 20
"""Bytes of a transaction after which nothing more is waited for."""

FIRST_PAUSE: Final = 0.1
LONGEST_PAUSE: Final = 2.0
"""Seconds between two attempts at a transaction that is undone each time."""

log = logging.getLogger(__name__)


class Cycle:
    """The group is served between two transactions and never inside one: no transaction is open in a revocation.

    Args:
        membership: says which shards are held, and proves it.
        ownership: follows their vCenters.
        handover: where what was read comes from.
        committer: where it goes.
        given_up: asked after a transaction that was undone; true ends the attempts.
    """

    def __init__(
        self,
        membership: Membership,
        ownership: Ownership,
        handover: Handover,
        committer: Committer,
        *,
        given_up: Callable[[], bool],
    ) -> None:
        self._membership = membership
        self._ownership = ownership
        self._handover = handover
        self._committer = committer
        self._given_up = given_up
        self._pause = 0.0

    def turn(self) -> bool:
        """Once around, in a quarter of a second or one transaction; whether there was something to commit.

        Raises:
            Unreachable: given up; what is not committed is read again by whoever follows the vCenters next.
            ReflexarcError: as raised by the members of the cycle.
        """
        self._membership.poll(self._pause)
        self._ownership.look()
        chunks = self._handover.gather(wait=LOOK, linger=LINGER, limit=BATCH)
        if chunks:
            self._commit(chunks)
        return bool(chunks)

    def _commit(self, chunks: Sequence[Chunk]) -> None:
        claim = self._membership.claim(self._ownership.shards_of(chunk.vcenter for chunk in chunks))
        if claim is None:
            self._rest()
            return
        try:
            self._committer.commit(chunks, claim)
        except AbortedError as aborted:
            # Gathered again, without what has been revoked meanwhile: of the rest nobody else can have written.
            log.warning("transaction undone: %s", aborted)
            self._rest()
        except BrokenError as broken:
            log.warning("transaction of unknown outcome, going on behind what is committed: %s", broken)
            self._ownership.rewind()
        else:
            self._handover.settle()
            self._pause = 0.0

    def _rest(self) -> None:
        if self._given_up():
            raise Unreachable("stopped before Kafka had taken what was read; it is read again next time")
        self._pause = min(max(2 * self._pause, FIRST_PAUSE), LONGEST_PAUSE)
