"""Who is in a consumer group."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient  # public, but not marked as re-exported

from clients.kafka import options
from clients.kafka.errors import Connection, explain, reason

if TYPE_CHECKING:
    from schemas.config import KafkaConfig

WITHIN: Final = 10.0
"""Seconds to wait for the answer."""


class Member(NamedTuple):
    """One member of a group.

    Attributes:
        name: its static name (``group.instance.id``), else the id that the broker gave it.
        partitions: what it is assigned, as (topic, partition).
    """

    name: str
    partitions: frozenset[tuple[str, int]]


def members(config: KafkaConfig, group: str, *, client_id: str) -> list[Member]:
    """The members of a group; none of one that does not exist. A static one is a member until its session ends.

    Raises:
        Refused: not allowed to describe the group.
        Unreachable: the brokers are away.
    """
    heard = Connection()
    given = options.client(config, client_id=client_id, on_error=heard.heard)
    client: Any = options.construct(AdminClient, given)
    try:
        found = client.describe_consumer_groups([group], request_timeout=WITHIN)[group].result(WITHIN)
    except KafkaException as error:
        if reason(error).name() == "GROUP_ID_NOT_FOUND":
            return []
        raise explain(reason(error), doing=f"look at group {group}", config=config, connection=heard) from error
    return [
        Member(
            each.group_instance_id or each.member_id,
            frozenset((place.topic, place.partition) for place in each.assignment.topic_partitions),
        )
        for each in found.members
    ]
