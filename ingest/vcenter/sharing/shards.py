"""Which shard a vCenter falls into: the same in every process and every release, so that each has one owner."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING
from zlib import crc32

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def shard(vcenter: str, shards: int) -> int:
    """The shard of the configured name ``vcenter``, from 0 to ``shards`` - 1."""
    return crc32(vcenter.encode()) % shards


def by_shard(vcenters: Iterable[str], shards: int) -> Mapping[int, list[str]]:
    """The names in each shard that has any."""
    found: defaultdict[int, list[str]] = defaultdict(list)
    for vcenter in vcenters:
        found[shard(vcenter, shards)].append(vcenter)
    return found
