"""The beginnings of partitions are deleted before retention does it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clients.kafka.cluster import Cluster

if TYPE_CHECKING:
    from collections.abc import Mapping

    from schemas.config import KafkaConfig


def delete_before(config: KafkaConfig, topic: str, offsets: Mapping[int, int]) -> None:
    """Delete every record below an offset of its partition, for good; what is deleted already does no harm.

    Args:
        config: the ``kafka`` part of the configuration.
        topic: its name.
        offsets: by partition, the first offset that stays; at most the present end.

    Raises:
        Unreachable: no broker answered in time, or a partition has no leader; others may have been cut.
        Refused: the ACL Delete is missing.
    """
    if offsets:
        Cluster(config).delete_before(topic, offsets)
