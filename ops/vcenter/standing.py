"""How far each vCenter has been read, from what the ingest has stored in Kafka."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from ingest.vcenter.position.checkpoint import Checkpoint


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where one vCenter stands.

    Attributes:
        vcenter: configured name.
        owner: the ingest process that it falls to; None when nobody, or nobody knows.
        followed: whether it is being followed right now; None when no ingest was asked.
        time: creation of its latest event, or where reading began; None when it was never followed.
        age: seconds from ``time`` until now.
        last_key: key of its last event; None before the first.
        incarnation: how often its keys have started anew.
        instance_uuid: which server that was.
    """

    vcenter: str
    owner: str | None = None
    followed: bool | None = None
    time: datetime | None = None
    age: float | None = None
    last_key: int | None = None
    incarnation: int | None = None
    instance_uuid: str | None = None

    @property
    def is_well(self) -> bool:
        """Whether it was followed before, and nobody says that it is not now."""
        return self.time is not None and self.followed is not False


def standing(
    vcenter: str,
    checkpoint: Checkpoint | None,
    *,
    now: datetime,
    owners: Mapping[str, str],
    followed: Collection[str] | None,
) -> Standing:
    """Where ``vcenter`` stands.

    Args:
        vcenter: configured name.
        checkpoint: the latest one.
        now: by our clock.
        owners: process by vCenter.
        followed: those that the ingests say they follow; None when none was asked.
    """
    owner, live = owners.get(vcenter), None if followed is None else vcenter in followed
    if checkpoint is None:
        return Standing(vcenter=vcenter, owner=owner, followed=live)
    return Standing(
        vcenter=vcenter,
        owner=owner,
        followed=live,
        time=checkpoint.time,
        age=(now - checkpoint.time).total_seconds(),
        last_key=checkpoint.last_key,
        incarnation=checkpoint.incarnation,
        instance_uuid=checkpoint.instance_uuid,
    )
