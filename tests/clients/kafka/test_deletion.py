"""Beginnings of partitions are deleted, and nothing else."""

from __future__ import annotations

import pytest

from clients.kafka.deletion import delete_before
from schemas.config import KafkaConfig
from schemas.errors import Unreachable
from tests.support import topics

pytestmark = pytest.mark.stack


def test_what_lies_below_is_gone_and_the_rest_stays(kafka: str, prefix: str) -> None:
    """Of each partition by itself; once more does no harm, and neither does a place further back."""
    topic, config = f"{prefix}.t", KafkaConfig(bootstrap=kafka)
    topics.create(kafka, topic, partitions=2)
    for key in (b"a", b"d"):  # of one partition each; without keys one of the two might get nothing
        topics.produce(kafka, topic, [b"%d" % number for number in range(100)], key=key)
    kept = [(each.partition(), each.offset()) for each in topics.everything(kafka, topic)]
    assert {0, 1} == {partition for partition, _ in kept}
    for offsets in ({0: 5}, {0: 5, 1: 0}, {0: 3}, {}):
        delete_before(config, topic, offsets)
        left = [(each.partition(), each.offset()) for each in topics.everything(kafka, topic)]
        assert sorted(place for place in kept if place >= (0, 5)) == sorted(left)


def test_what_has_no_leader_cannot_be_deleted(kafka: str, prefix: str) -> None:
    """Nor what is not there at all; nothing is made by the way."""
    with pytest.raises(Unreachable, match=r"cannot delete records of .*\.none at"):
        delete_before(KafkaConfig(bootstrap=kafka), f"{prefix}.none", {0: 1})
