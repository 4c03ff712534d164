"""Members of the group that shares the shards, served side by side in one thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.vcenter.sharing.membership import Membership
from tests.support.vcenter import wait_for

if TYPE_CHECKING:
    from collections.abc import Collection

    from schemas.config import KafkaConfig


class Member:
    """One member, and the shards it holds."""

    def __init__(self, config: KafkaConfig, instance: str | None = None) -> None:
        self.held: set[int] = set()
        self.lost: list[int] = []
        self.membership = Membership(config, instance=instance, gained=self.held.update, lost=self._lose)
        self.membership.join()

    def _lose(self, shards: Collection[int]) -> None:
        self.held.difference_update(shards)
        self.lost += shards


def settle(*members: Member, shards: int = 64, each: int = 1) -> None:
    """Serve them until together they hold all shards, each some."""

    def settled() -> bool:
        for member in members:
            member.membership.poll(0.05)
        counts = [len(member.held) for member in members]
        return sum(counts) == shards and min(counts) >= each

    wait_for(settled, 60)
