"""Finding out where the vCenters of new shards stand, beside everything else: it can take a transaction's time-out."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from schemas.errors import ReflexarcError, Unreachable

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from ingest.vcenter.position.origins import Origin

    Read = Callable[[Collection[int]], Mapping[str, Origin]]

log = logging.getLogger(__name__)


class TakeOver:
    """Reads where the vCenters of shards stand, in threads of its own. For one thread.

    Args:
        read: what is final for these shards, as ``origins.find`` tells it.
    """

    def __init__(self, read: Read) -> None:
        self._read = read
        self._wanted: dict[int, _Reading] = {}

    @property
    def pending(self) -> frozenset[int]:
        """Shards that are not yet taken over."""
        return frozenset(self._wanted)

    def begin(self, shards: Collection[int]) -> None:
        """Take these over; what was begun for them earlier no longer counts."""
        if shards:
            self._wanted |= dict.fromkeys(shards, _Reading(self._read, shards))

    def forget(self, shards: Collection[int]) -> None:
        """These are not ours any more."""
        for shard in shards:
            self._wanted.pop(shard, None)

    def done(self) -> Iterator[tuple[list[int], Mapping[str, Origin]]]:
        """Shards that are taken over now, and where their vCenters stand; whose reading failed for a time begin again.

        Raises:
            Refused: an ACL is missing, or a checkpoint is damaged.
        """
        for reading in {each for each in self._wanted.values() if each.has_ended}:
            shards = sorted(shard for shard, each in self._wanted.items() if each is reading)
            self.forget(shards)
            try:
                found = reading.result()
            except Unreachable as error:
                log.warning("%s; trying again", error.message)
                self.begin(shards)
            else:
                yield shards, found


class _Reading:
    def __init__(self, read: Read, shards: Collection[int]) -> None:
        self._outcome: Mapping[str, Origin] | Exception | None = None
        self._thread = threading.Thread(target=self._run, args=(read, shards), name="take-over", daemon=True)
        self._thread.start()

    @property
    def has_ended(self) -> bool:
        return not self._thread.is_alive()

    def result(self) -> Mapping[str, Origin]:
        if isinstance(self._outcome, Exception):
            raise self._outcome
        if self._outcome is None:
            raise ReflexarcError("a take-over ended without an outcome", cure="start the process again")
        return self._outcome

    def _run(self, read: Read, shards: Collection[int]) -> None:
        try:
            self._outcome = read(shards)
        except Exception as error:  # noqa: BLE001 - raised where it is asked for
            self._outcome = error
