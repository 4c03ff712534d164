"""Who is in a consumer group, and how far it has come."""

from __future__ import annotations

from time import monotonic, sleep
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from confluent_kafka import ConsumerGroupTopicPartitions, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient  # public, but not marked as re-exported

from clients.kafka import options
from clients.kafka.errors import Connection, explain, passes, reason

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from concurrent.futures import Future

    from schemas.config import KafkaConfig

WITHIN: Final = 10.0
"""Seconds to wait for the answer."""

PATIENCE: Final = 30.0
"""Seconds in which a coordinator must have come to rest."""

PAUSE: Final = 0.2

_HAS_MEMBERS: Final = frozenset({"NON_EMPTY_GROUP", "UNKNOWN_MEMBER_ID", "REBALANCE_IN_PROGRESS"})


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
    client, heard = _administration(config, client_id)
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


def positions(config: KafkaConfig, group: str, topic: str, *, client_id: str) -> dict[int, int]:
    """The offsets that a group has committed in a topic, by partition; none of a group that does not exist.

    A coordinator that is moving or loading is waited for.

    Raises:
        Refused: not allowed to describe the group.
        Unreachable: the brokers are away.
    """
    client, heard = _administration(config, client_id)
    asked = [ConsumerGroupTopicPartitions(group)]
    try:
        found = _patiently(lambda: client.list_consumer_group_offsets(asked, request_timeout=WITHIN)[group])
    except KafkaException as error:
        if reason(error).name() == "GROUP_ID_NOT_FOUND":
            return {}
        raise explain(reason(error), doing=f"look at group {group}", config=config, connection=heard) from error
    return {each.partition: each.offset for each in found.topic_partitions if each.topic == topic and each.offset >= 0}


def begin_at(config: KafkaConfig, group: str, topic: str, offsets: Mapping[int, int], *, client_id: str) -> None:
    """Commit these offsets for a group without members; one that has members has begun, and stays as it is.

    A coordinator that is moving or loading is waited for.

    Raises:
        Refused: not allowed to.
        Unreachable: the brokers are away.
    """
    client, heard = _administration(config, client_id)
    wanted = [TopicPartition(topic, partition, offset) for partition, offset in sorted(offsets.items())]
    asked = [ConsumerGroupTopicPartitions(group, wanted)]
    try:
        _patiently(lambda: client.alter_consumer_group_offsets(asked, request_timeout=WITHIN)[group])
    except KafkaException as error:
        if reason(error).name() in _HAS_MEMBERS:
            return
        raise explain(reason(error), doing=f"begin group {group}", config=config, connection=heard) from error


def _administration(config: KafkaConfig, client_id: str) -> tuple[Any, Connection]:
    """A client for questions about groups, and what is wrong with its connection."""
    heard = Connection()
    return options.construct(AdminClient, options.client(config, client_id=client_id, on_error=heard.heard)), heard


def _patiently(ask: Callable[[], Future[Any]]) -> Any:
    """Ask until the answer is none that passes by itself, or for half a minute.

    Raises:
        KafkaException: the last answer.
    """
    until = monotonic() + PATIENCE
    while True:
        try:
            return ask().result(WITHIN)
        except KafkaException as error:
            if not passes(reason(error)) or monotonic() > until:
                raise
        sleep(PAUSE)
