"""How a member of a consumer group joins it, and what it refuses to join."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from schemas.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from confluent_kafka import TopicPartition

DRAIN_MARGIN: Final = 10.0
"""Seconds that a poll may be late beyond the drain deadline before the group gives a member up."""

STATISTICS: Final = 5_000


def membership(options: Mapping[str, Any], *, instance: str | None, tables: bool, patience: float) -> dict[str, Any]:
    """Properties of a consumer as a member of its group.

    A table lives beside its source partition, so partitions with tables are given away all at once, by ``range``;
    others move one by one.

    Args:
        options: properties of the consumer, group included.
        instance: its name in the group, for static membership: whoever comes back under it within the session
            time-out gets its partitions back, and nobody else is disturbed.
        tables: whether the app keeps tables.
        patience: seconds in which the work of a revoked partition ends.
    """
    given = {"statistics.interval.ms": STATISTICS, **options}
    given["max.poll.interval.ms"] = max(
        int(given.get("max.poll.interval.ms", 60_000)),
        int(given.get("session.timeout.ms", 0)),  # librdkafka takes no less
        round(1000 * (patience + DRAIN_MARGIN)),
    )
    if instance is not None:
        given["group.instance.id"] = instance
    if tables:
        given |= {"partition.assignment.strategy": "range", "group.protocol": "classic"}
    return given


def cooperative(options: Mapping[str, Any]) -> bool:
    """Whether partitions move one by one."""
    strategy = options.get("partition.assignment.strategy", "")
    return options.get("group.protocol") == "consumer" or strategy == "cooperative-sticky"


def refuse_growth(partitions: Mapping[str, int], assigned: Sequence[TopicPartition]) -> None:
    """See that no topic has got more partitions since the start.

    Raises:
        Refused: one has: its keys would lose their order.
    """
    for tp in assigned:
        if tp.partition >= partitions[tp.topic]:
            raise Refused(
                f"{tp.topic} has got more partitions than the {partitions[tp.topic]} it had: keys lose their order",
                cure="stop ingest, let the workers empty all topics, set kafka.partitions to the new number and start "
                "the workers again; docs/transport.md has the procedure",
            )
