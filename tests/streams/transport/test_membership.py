from __future__ import annotations

from typing import Any

import pytest
from confluent_kafka import TopicPartition

from schemas.errors import Refused
from streams.transport.membership import cooperative, membership, refuse_growth

OPTIONS = {"group.id": "g", "partition.assignment.strategy": "cooperative-sticky"}


def member(options: dict[str, Any] | None = None, *, instance: str | None = None, tables: bool = False) -> Any:
    return membership(OPTIONS | (options or {}), instance=instance, tables=tables, patience=25.0)


def test_partitions_move_one_by_one_unless_there_are_tables() -> None:
    assert [True, False] == [cooperative(member(tables=tables)) for tables in (False, True)]


def test_the_protocol_of_the_broker_moves_them_one_by_one_too() -> None:
    assert cooperative({"group.id": "g", "group.protocol": "consumer"})


def test_tables_are_given_away_all_at_once_whatever_is_configured() -> None:
    given = member({"group.protocol": "consumer"}, tables=True)
    assert ("classic", "range") == (given["group.protocol"], given["partition.assignment.strategy"])


def test_a_name_makes_the_membership_static() -> None:
    assert "w-0" == member(instance="w-0")["group.instance.id"]
    assert "group.instance.id" not in member()


@pytest.mark.parametrize(
    ("options", "expected"),
    [({}, 60_000), ({"max.poll.interval.ms": "1000"}, 35_000), ({"session.timeout.ms": "90000"}, 90_000)],
)
def test_a_poll_may_take_ten_seconds_longer_than_a_revocation(options: dict[str, str], expected: int) -> None:
    assert expected == member(options)["max.poll.interval.ms"]


def test_a_partition_that_was_not_there_at_the_start_is_refused_with_the_procedure() -> None:
    refuse_growth({"t": 4}, [TopicPartition("t", 3)])
    with pytest.raises(Refused, match="t has got more partitions than the 4") as refused:
        refuse_growth({"t": 4}, [TopicPartition("t", 4)])
    assert "kafka.partitions" in str(refused.value.cure)
