"""From where vCenters are followed on: their checkpoints, or without one what the events topic knows of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.vcenter.position import trace
from ingest.vcenter.position.checkpoint import Checkpoint
from ingest.vcenter.position.restore import restore
from ingest.vcenter.sharing.shards import shard

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from schemas.config import KafkaConfig

Origin = Checkpoint | trace.Trace


def find(
    config: KafkaConfig,
    vcenters: Iterable[str],
    shards: Collection[int],
    *,
    of: int,
    stopped: Callable[[], bool],
) -> dict[str, Origin]:
    """The origin of every vCenter in these shards; one that is new, for certain, is not among them.

    Call it once the group has given the shards to this process: see ``restore``.

    Args:
        config: the ``kafka`` part of the configuration.
        vcenters: names.
        shards: those whose vCenters are meant.
        of: how many shards there are.
        stopped: asked about once a second; true ends the search.

    Raises:
        Refused: an ACL is missing, or a checkpoint is damaged.
        Unreachable: the brokers are away, or ``stopped``.
    """
    checkpoints = restore(config, shards, stopped=stopped)
    unknown = [name for name in vcenters if shard(name, of) in shards and name not in checkpoints]
    return {**trace.find(config, unknown, stopped=stopped), **checkpoints}
