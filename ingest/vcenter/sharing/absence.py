"""That no ingest runs which may follow a vCenter: what whoever writes a position beside the group must know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clients.kafka.group import members
from schemas import topics
from schemas.errors import Refused

if TYPE_CHECKING:
    from schemas.config import KafkaConfig


def ensure(config: KafkaConfig, *, cure: str) -> None:
    """Return if nobody is in the group of the vCenter ingest; a process is in it until its session has ended.

    Who joins a moment later is not seen.

    Args:
        config: the ``kafka`` part of the configuration.
        cure: what to do instead, or first.

    Raises:
        Refused: somebody is, or we may not describe the group.
        Unreachable: the brokers are away.
    """
    group = topics.group(config.prefix, topics.INGEST_VCENTER)
    if members(config, group, client_id=topics.INGEST_VCENTER):
        raise Refused(f"an ingest is running in group {group}, or has run until just now", cure=cure)
