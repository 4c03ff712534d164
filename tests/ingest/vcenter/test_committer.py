from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from clients.kafka.errors import PublishRejected
from clients.kafka.record import Outgoing
from ingest import metrics
from ingest.vcenter import committer as module
from ingest.vcenter import service
from ingest.vcenter.checkpoint import Checkpoint
from ingest.vcenter.committer import Committer
from ingest.vcenter.handover import Chunk
from ingest.vcenter.restore import restore
from ingest.vcenter.service import Service
from ingest.vcenter.transaction import AbortedError, BrokenError, TransactionalProducer
from schemas.config import KafkaConfig
from schemas.errors import Refused, Unreachable
from tests.ingest.vcenter.events import START
from tests.ingest.vcenter.test_recorder import DEAD, EVENTS
from tests.support.topics import everything
from tests.support.vcenter import installation, read

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from schemas.config import Config, VcenterConfig

UNDONE = AbortedError(Unreachable("away"))
REJECTED = AbortedError(PublishRejected("too large"))


@dataclass
class Broker:
    """Keeps what was committed; fails as told; refuses records with this value."""

    committed: list[Outgoing] = field(default_factory=list)
    failures: list[Exception] = field(default_factory=list)
    refuses: bytes | None = None
    refuses_topic: str | None = None
    producers: int = 0

    def connect(self) -> Producer:
        self.producers += 1
        return Producer(self)

    def restore(self) -> Mapping[str, Checkpoint]:
        stored = [record for record in self.committed if record.topic == "checkpoints"]
        return {(record.key or b"").decode(): Checkpoint.loads(record.value or b"") for record in stored}

    @property
    def values(self) -> list[bytes | None]:
        return [record.value for record in self.committed if record.topic == EVENTS.name]


@dataclass
class Producer:
    broker: Broker

    def commit(self, records: Sequence[Outgoing]) -> None:
        if self.would_reject(records):
            raise REJECTED
        failure = self.broker.failures.pop(0) if self.broker.failures else None
        if isinstance(failure, BrokenError) and "came through" in failure.message:
            self.broker.committed += records
        if failure is not None:
            raise failure
        self.broker.committed += records

    def would_reject(self, records: Sequence[Outgoing]) -> bool:
        return any(
            record.topic == self.broker.refuses_topic
            or (record.topic == EVENTS.name and record.value == self.broker.refuses)
            for record in records
        )

    def close(self) -> None:
        pass


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FIRST_PAUSE", 0.001)


def commit(broker: Broker, *values: bytes, given_up: Callable[[], bool] = lambda: False) -> None:
    checkpoints = EVENTS.__class__(name="checkpoints", key="k", partitions=1, replication=1, min_insync=1, holds="c")
    committer = Committer(broker.connect, broker.restore, checkpoints=checkpoints, dead_letters=DEAD, given_up=given_up)
    committer.commit([chunk(number, value) for number, value in enumerate(values, start=1)])
    committer.close()


def chunk(number: int, value: bytes) -> Chunk:
    checkpoint = Checkpoint(vcenter="vc1", instance_uuid="4c", time=START, since=START, last_key=number)
    return Chunk(checkpoint, (Outgoing(EVENTS.name, value, b"k", (("ce_id", b"vc1/0/%d" % number),)),))


def test_events_are_committed_with_the_last_checkpoint_of_each_vcenter() -> None:
    broker = Broker()
    commit(broker, b"1", b"2")
    assert [b"1", b"2"] == broker.values
    assert 3 == len(broker.committed)
    assert 2 == broker.restore()["vc1"].last_key


def test_a_transaction_that_was_undone_is_written_again_from_memory() -> None:
    broker = Broker(failures=[UNDONE, UNDONE])
    commit(broker, b"1")
    assert [b"1"] == broker.values


def test_a_rejected_record_becomes_a_dead_letter_and_its_neighbours_pass() -> None:
    broker = Broker(refuses=b"3")
    commit(broker, b"1", b"2", b"3", b"4", b"5")
    assert [b"1", b"2", b"4", b"5"] == broker.values
    (letter,) = [record for record in broker.committed if record.topic == DEAD.name]
    assert (b"3", b"vc1/0/3") == (letter.value, dict(letter.headers)["reflexarc_origin"])


@pytest.mark.parametrize("outcome", ["came through", "was lost"])
def test_an_unknown_outcome_is_looked_up_and_never_guessed(outcome: str) -> None:
    broker = Broker(failures=[BrokenError(f"unknown, but it {outcome}")])
    commit(broker, b"1", b"2")
    assert [b"1", b"2"] == broker.values
    assert 2 == broker.producers


def test_being_fenced_ends_it() -> None:
    with pytest.raises(Refused, match="taken over"):
        commit(Broker(failures=[Refused("another process has taken over")]), b"1")


@pytest.mark.parametrize("why", ["an ACL is missing", "the topic does not exist"])
def test_a_transaction_undone_for_a_refusal_is_not_written_again(why: str) -> None:
    broker = Broker(failures=[AbortedError(Refused(why, cure="act"))])
    with pytest.raises(Refused, match=why):
        commit(broker, b"1")
    assert [] == broker.committed


@dataclass
class Failing(Broker):
    """Fails in the same way at every attempt; at the third, SIGTERM comes."""

    failure: Exception = UNDONE
    stop: threading.Event = field(default_factory=threading.Event)
    attempts: int = 0

    def connect(self) -> Producer:
        return FailingProducer(self)


@dataclass
class FailingProducer(Producer):
    broker: Failing

    def commit(self, records: Sequence[Outgoing]) -> None:
        self.broker.attempts += 1
        if self.broker.attempts == 3:
            self.broker.stop.set()
        self.broker.failures = [self.broker.failure]
        super().commit(records)


@pytest.mark.parametrize("failure", [UNDONE, BrokenError("unknown, but it was lost")])
def test_a_service_that_is_asked_to_stop_gives_up_transactions_that_keep_failing(
    failure: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "DRAIN", 0.05)
    broker = Failing(failure=failure)
    given_up = Service(configuration(tmp_path), stop=broker.stop)._gives_up
    with pytest.raises(Unreachable, match="read again next time"):
        commit(broker, b"1", given_up=given_up)
    assert broker.attempts > 3


def configuration(folder: Path) -> Config:
    """A vCenter and a broker that nobody asks."""
    path = folder / "reflexarc.yaml"
    path.write_text(f"{{kafka: {{bootstrap: '127.0.0.1:1'}}, vcenters: {{vc1: {{url: 'recorded:{folder}'}}}}}}")
    return read(path)


def test_a_checkpoint_that_kafka_rejects_ends_it() -> None:
    with pytest.raises(Refused, match="checkpoints refuses a checkpoint of"):
        commit(Broker(refuses_topic="checkpoints"), b"1")


def test_a_dead_letter_that_kafka_rejects_ends_it() -> None:
    with pytest.raises(Refused, match=f"{DEAD.name} refuses a dead letter of"):
        commit(Broker(refuses=b"2", refuses_topic=DEAD.name), b"1", b"2")


def test_a_record_replaced_by_its_dead_letter_is_counted_as_one() -> None:
    before = counted()
    commit(Broker(refuses=b"3"), b"1", b"2", b"3")
    assert [2, 1] == [now - then for now, then in zip(counted(), before, strict=True)]


def counted() -> list[float]:
    return [float(counter.labels(vcenter="vc1")._value.get()) for counter in (metrics.EVENTS, metrics.DEAD_LETTERS)]


@pytest.mark.stack
def test_only_committed_checkpoints_are_restored(
    kafka: str, vcenters: dict[str, VcenterConfig], prefix: str, tmp_path: Path
) -> None:

    config = read(installation(tmp_path, kafka, prefix, vcenters)).kafka

    def opened() -> TransactionalProducer:
        producer = TransactionalProducer(
            config, client_id="test", transactional_id=f"{prefix}.ingest-vcenter", given_up=lambda: False
        )
        producer.open()
        return producer

    def stored(vcenter: str, last_key: int) -> Outgoing:
        checkpoint = Checkpoint(vcenter=vcenter, instance_uuid="4c", time=START, since=START, last_key=last_key)
        return Outgoing(f"{prefix}.checkpoints", checkpoint.dumps(), vcenter.encode())

    first = opened()
    assert {} == restore(config)
    first.commit([stored("vc1", 1), stored("vc2", 1), stored("gone", 1)])
    first.commit([stored("vc1", 2), Outgoing(f"{prefix}.checkpoints", None, b"gone")])
    assert not first.would_reject([stored("vc1", 3)])
    first._write([stored("vc1", 4)])
    opened()
    assert {"vc1": 2, "vc2": 1} == {name: each.last_key for name, each in restore(config).items()}
    assert 5 == len(everything(kafka, f"{prefix}.checkpoints"))


@pytest.mark.stack
def test_a_topic_that_is_missing_at_the_broker_ends_it(kafka: str, prefix: str) -> None:
    options = {"topic.metadata.propagation.max.ms": 100}
    config = KafkaConfig.model_validate({"bootstrap": kafka, "prefix": prefix, "options": options})

    def opened() -> TransactionalProducer:
        producer = TransactionalProducer(config, client_id="test", transactional_id=prefix, given_up=lambda: False)
        producer.open()
        return producer

    committer = Committer(opened, dict, checkpoints=EVENTS, dead_letters=DEAD, given_up=lambda: False)
    with pytest.raises(Refused, match="Unknown topic") as refusal:
        committer.commit([chunk(1, b"1")])
    assert "run `reflexarc topics create`" == refusal.value.cure
    committer.close()
