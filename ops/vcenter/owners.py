"""To which ingest process each vCenter falls, as their consumer group tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clients.kafka.group import members
from ingest.vcenter.sharing.shards import shard
from schemas import topics

if TYPE_CHECKING:
    from collections.abc import Iterable

    from schemas.config import KafkaConfig


def owners(config: KafkaConfig, vcenters: Iterable[str]) -> dict[str, str]:
    """The process by vCenter; a vCenter whose shard nobody has is not among them.

    Raises:
        Refused: not allowed to describe the group.
        Unreachable: the brokers are away.
    """
    group = topics.group(config.prefix, topics.INGEST_VCENTER)
    found = members(config, group, client_id=topics.INGEST_VCENTER)
    by_shard = {number: member.name for member in found for _, number in member.partitions}
    mapped = {name: by_shard.get(shard(name, topics.SHARDS)) for name in vcenters}
    return {name: owner for name, owner in mapped.items() if owner is not None}
