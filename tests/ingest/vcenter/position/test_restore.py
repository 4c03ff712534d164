from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from clients.kafka.record import Outgoing
from ingest.vcenter.position.checkpoint import Checkpoint
from ingest.vcenter.position.restore import restore
from ingest.vcenter.publishing.transaction import Transaction
from schemas import topics
from schemas.errors import Refused, Unreachable
from tests.ingest.vcenter.events import START
from tests.ingest.vcenter.sharing.members import Member, settle
from tests.support.topics import produce
from tests.support.vcenter import installation, read

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from schemas.config import KafkaConfig, VcenterConfig

pytestmark = pytest.mark.stack

STORED = Checkpoint(vcenter="vc1", instance_uuid="4c", time=START, since=START).dumps()


@pytest.fixture
def config(kafka: str, vcenters: dict[str, VcenterConfig], prefix: str, tmp_path: Path) -> KafkaConfig:
    return read(installation(tmp_path, kafka, prefix, vcenters)).kafka


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        (b"\xff\xfe", STORED, r"key .*xff.*another vCenter, 'vc1'"),
        (b"vc2", STORED, r"key 'vc2': the checkpoint of another vCenter, 'vc1'"),
        (b"vc1", b"\xff", r"key 'vc1': a damaged checkpoint"),
    ],
)
def test_a_record_that_is_no_checkpoint_is_refused_with_its_place(
    config: KafkaConfig, key: bytes, value: bytes, said: str
) -> None:
    topic = topics.checkpoints(config.prefix)
    produce(config.bootstrap, topic, [STORED], key=b"vc1")
    produce(config.bootstrap, topic, [value], key=key)
    with pytest.raises(Refused, match=f"{topic}, offset 1, {said}"):
        restore(config)


def test_a_foreign_record_with_a_tombstone_behind_it_is_forgotten(config: KafkaConfig) -> None:
    topic = topics.checkpoints(config.prefix)
    tombstone: Any = None
    produce(config.bootstrap, topic, [STORED, tombstone], key=b"\xff")
    produce(config.bootstrap, topic, [STORED], key=b"vc1")
    assert {"vc1"} == set(restore(config))


def stored(config: KafkaConfig, vcenter: str, last_key: int) -> Outgoing:
    checkpoint = Checkpoint(vcenter=vcenter, instance_uuid="4c", time=START, since=START, last_key=last_key)
    return Outgoing(topics.checkpoints(config.prefix), checkpoint.dumps(), vcenter.encode())


def last_keys(config: KafkaConfig) -> dict[str, int | None]:
    return {name: each.last_key for name, each in restore(config, range(64)).items()}


def opened(config: KafkaConfig, instance: str) -> Transaction:
    producer = Transaction(
        config,
        client_id="test",
        transactional_id=topics.transactional_id(config.prefix, topics.INGEST_VCENTER, instance),
        given_up=lambda: False,
    )
    producer.open()
    return producer


@pytest.fixture
def member(config: KafkaConfig) -> Iterator[Member]:
    member = Member(config)
    settle(member)
    yield member
    member.membership.leave()


def test_only_committed_checkpoints_are_restored(config: KafkaConfig, member: Member) -> None:
    claim = member.membership.claim([1])
    assert claim is not None
    one = opened(config, "one")
    assert {} == last_keys(config)
    one.commit([stored(config, "vc1", 1), stored(config, "vc2", 1), stored(config, "gone", 1)], claim)
    tombstone = Outgoing(topics.checkpoints(config.prefix), None, b"gone")
    one.commit([stored(config, "vc1", 2), tombstone], claim)
    assert not one.would_reject([stored(config, "vc1", 3)])
    assert {"vc1": 2, "vc2": 1} == last_keys(config)


@pytest.mark.parametrize("shown", [False, True])
def test_what_is_open_at_the_take_over_is_waited_for(config: KafkaConfig, member: Member, *, shown: bool) -> None:
    claim = member.membership.claim([1])
    assert claim is not None
    one, two = opened(config, "one"), opened(config, "two")
    one._producer.write([stored(config, "vc1", 1)])
    if shown:
        one._producer.show(claim.offsets, claim.group)
    two.commit([stored(config, "vc2", 1)], claim)
    with ThreadPoolExecutor() as pool:
        reading = pool.submit(last_keys, config)
        with pytest.raises(TimeoutError):
            reading.result(1.0)
        one._producer.commit()
        assert {"vc1": 1, "vc2": 1} == reading.result(30)


def test_who_is_asked_to_stop_does_not_wait(config: KafkaConfig) -> None:
    opened(config, "one")._producer.write([stored(config, "vc1", 1)])
    with pytest.raises(Unreachable, match="stopped"):
        restore(config, stopped=lambda: True)
