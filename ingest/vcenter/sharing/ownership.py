"""Which vCenters this process follows: those in the shards that the group has given it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from ingest.metrics import OWNER
from ingest.vcenter.sharing.shards import by_shard, shard

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from ingest.vcenter.sharing.tails import Tails
    from ingest.vcenter.sharing.takeover import TakeOver

log = logging.getLogger(__name__)


class Ownership:
    """Shards held, taken over, followed. For one thread; ``problems`` may be asked from others.

    Args:
        vcenters: those to follow wherever they fall to this process.
        left_out: configured vCenters that this process does not follow even then.
        shards: how many there are.
        take_over: finds out where a new shard's vCenters stand.
        tails: follow them.
    """

    def __init__(
        self, vcenters: Iterable[str], left_out: Iterable[str], *, shards: int, take_over: TakeOver, tails: Tails
    ) -> None:
        self._shards = shards
        self._vcenters = by_shard(vcenters, shards)
        self._left_out = by_shard(left_out, shards)
        self._take_over = take_over
        self._tails = tails
        self._finished = False
        self._held: frozenset[int] = frozenset()
        for vcenter in self._names(self._vcenters):
            OWNER.labels(vcenter=vcenter).set(0)

    def gain(self, shards: Collection[int]) -> None:
        """The group has given us these."""
        self._held |= frozenset(shards)
        log.info("%d shards gained, %d held", len(shards), len(self._held))
        for each in shards:
            for vcenter in self._left_out.get(each, ()):
                log.warning("vCenter %s: in shard %d of this process, which --only keeps from it", vcenter, each)
        self._take_over.begin([each for each in shards if each in self._vcenters])

    def lose(self, shards: Collection[int]) -> None:
        """Somebody else may have these: nothing of them is committed from now on."""
        self._held -= frozenset(shards)
        log.info("%d shards given up, %d held", len(shards), len(self._held))
        self._leave(shards)

    def finish(self) -> None:
        """Take nothing over any more; the tails hand over what they have read, and end."""
        self._finished = True
        self._tails.finish()

    def rewind(self) -> None:
        """Forget what was read and not committed, and begin again behind what is committed."""
        self._leave(self._held)
        self._take_over.begin([each for each in self._held if each in self._vcenters])

    def look(self) -> None:
        """Follow the vCenters of the shards that are taken over by now.

        Raises:
            Refused: an ACL is missing, or a checkpoint is damaged.
        """
        if self._finished:
            return
        for shards, found in self._take_over.done():
            for vcenter in self._names(shards):
                self._tails.start(vcenter, found.get(vcenter))
                OWNER.labels(vcenter=vcenter).set(1)
                log.info("vCenter %s: followed by this process, shard %d", vcenter, shard(vcenter, self._shards))

    def problems(self) -> list[str]:
        """The vCenters of the shards held that are not followed."""
        idle = [name for name in self._names(self._held) if not self._tails.following(name)]
        return [f"vCenter {name} is not followed" for name in idle]

    def shards_of(self, vcenters: Iterable[str]) -> set[int]:
        """The shards that these fall into."""
        return {shard(vcenter, self._shards) for vcenter in vcenters}

    def _leave(self, shards: Collection[int]) -> None:
        self._take_over.forget(shards)
        for vcenter in self._tails.names().intersection(self._names(shards)):
            self._tails.stop(vcenter)
            OWNER.labels(vcenter=vcenter).set(0)
            log.info("vCenter %s: no longer followed by this process", vcenter)

    def _names(self, shards: Collection[int]) -> list[str]:
        return [name for each in sorted(shards) for name in self._vcenters.get(each, ())]
