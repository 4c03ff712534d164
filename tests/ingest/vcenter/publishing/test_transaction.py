from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from clients.kafka.record import Outgoing
from clients.kafka.transactional import AbortedError
from ingest.vcenter.publishing.transaction import Transaction, timeouts
from schemas import topics
from schemas.config import KafkaConfig
from schemas.errors import Refused
from tests.ingest.vcenter.sharing.members import Member, settle
from tests.support.topics import create, everything

if TYPE_CHECKING:
    from collections.abc import Callable

SHARDS = 4


@pytest.fixture
def config(kafka: str, prefix: str) -> KafkaConfig:
    create(kafka, topics.assignments(prefix), partitions=SHARDS)
    options = {"topic.metadata.propagation.max.ms": 100, "heartbeat.interval.ms": 500}
    return KafkaConfig.model_validate({"bootstrap": kafka, "prefix": prefix, "options": options})


@pytest.fixture
def opened(config: KafkaConfig) -> Callable[[], Transaction]:
    def opened() -> Transaction:
        producer = Transaction(
            config, client_id="test", transactional_id=f"{config.prefix}.one", given_up=lambda: False
        )
        producer.open()
        return producer

    return opened


def values(config: KafkaConfig, isolation: str = "read_committed") -> list[bytes | None]:
    return [record.value() for record in everything(config.bootstrap, f"{config.prefix}.log", isolation=isolation)]


def record(config: KafkaConfig, value: bytes) -> Outgoing:
    return Outgoing(f"{config.prefix}.log", value, b"k")


@pytest.mark.parametrize(("given", "expected"), [({}, 10_000), ({"session.timeout.ms": 6000}, 6000)])
def test_a_transaction_is_over_before_the_session_of_its_owner(given: dict[str, int], expected: int) -> None:
    config = KafkaConfig.model_validate({"bootstrap": "b:9092", "options": given})
    assert {expected} == {timeouts(config)[name] for name in ("transaction.timeout.ms", "delivery.timeout.ms")}


@pytest.mark.stack
def test_what_a_member_commits_is_visible(config: KafkaConfig, opened: Callable[[], Transaction]) -> None:
    create(config.bootstrap, f"{config.prefix}.log")
    member, producer = Member(config), opened()
    settle(member, shards=SHARDS)
    claim = member.membership.claim([1])
    assert claim is not None
    producer.commit([record(config, b"1"), record(config, b"2")], claim)
    assert [b"1", b"2"] == values(config)
    member.membership.leave()


@pytest.mark.stack
def test_a_claim_of_an_earlier_generation_is_refused_and_a_new_one_is_not(
    config: KafkaConfig, opened: Callable[[], Transaction]
) -> None:
    create(config.bootstrap, f"{config.prefix}.log")
    one, producer = Member(config), opened()
    settle(one, shards=SHARDS)
    old = one.membership.claim([1])
    two = Member(config)
    settle(one, two, shards=SHARDS)
    assert old is not None
    with pytest.raises(AbortedError, match="the group has moved on") as aborted:
        producer.commit([record(config, b"1")], old)
    assert aborted.value.fenced
    new = one.membership.claim([1])
    assert new is not None
    producer.commit([record(config, b"2")], new)
    assert [b"2"] == values(config)
    two.membership.leave()
    one.membership.leave()


@pytest.mark.stack
def test_opening_an_id_again_undoes_what_was_begun_with_it(
    config: KafkaConfig, opened: Callable[[], Transaction]
) -> None:
    create(config.bootstrap, f"{config.prefix}.log")
    opened()._producer.write([record(config, b"1")])
    opened()
    assert ([], [b"1"]) == (values(config), values(config, "read_uncommitted"))


@pytest.mark.stack
def test_a_topic_that_is_missing_at_the_broker_is_refused(
    config: KafkaConfig, opened: Callable[[], Transaction]
) -> None:
    member, producer = Member(config), opened()
    settle(member, shards=SHARDS)
    claim = member.membership.claim([1])
    assert claim is not None
    with pytest.raises(AbortedError, match="Unknown topic") as aborted:
        producer.commit([record(config, b"1")], claim)
    assert isinstance(aborted.value.cause, Refused)
    assert "run `reflexarc topics create`" == aborted.value.cure
    member.membership.leave()
