from __future__ import annotations

import pytest

from ingest.vcenter.sharing import absence
from schemas import topics
from schemas.config import KafkaConfig
from schemas.errors import Refused
from tests.ingest.vcenter.sharing.members import Member, settle
from tests.support.topics import create

pytestmark = pytest.mark.stack


@pytest.fixture
def config(kafka: str, prefix: str) -> KafkaConfig:
    return KafkaConfig.model_validate({"bootstrap": kafka, "prefix": prefix})


def test_nobody_in_the_group_is_nobody_who_follows(config: KafkaConfig) -> None:
    absence.ensure(config, cure="wait")


def test_a_member_is_refused_with_the_cure_of_who_asks(config: KafkaConfig) -> None:
    create(config.bootstrap, topics.assignments(config.prefix), partitions=8)
    member = Member(config)
    settle(member, shards=8)
    with pytest.raises(Refused, match=r"an ingest is running in group .*\.ingest-vcenter") as caught:
        absence.ensure(config, cure="wait")
    member.membership.leave()
    assert "wait" == caught.value.cure
