from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from clients.kafka.errors import PublishRejected
from clients.kafka.record import Outgoing
from clients.kafka.transactional import AbortedError, BrokenError, OutdatedError
from ingest import metrics
from ingest.vcenter.position.checkpoint import Checkpoint
from ingest.vcenter.publishing.committer import Committer
from ingest.vcenter.publishing.handover import Chunk
from ingest.vcenter.sharing.membership import Claim
from schemas.errors import Refused, Unreachable
from tests.ingest.vcenter.events import START
from tests.ingest.vcenter.publishing.test_recorder import DEAD, EVENTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

UNDONE = AbortedError(Unreachable("away"))
OUTDATED = AbortedError(OutdatedError("another generation"))
REJECTED = AbortedError(PublishRejected("too large"))
CLAIM = Claim((), None)


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

    def checkpoints(self) -> Mapping[str, Checkpoint]:
        stored = [record for record in self.committed if record.topic == "checkpoints"]
        return {(record.key or b"").decode(): Checkpoint.loads(record.value or b"") for record in stored}

    @property
    def values(self) -> list[bytes | None]:
        return [record.value for record in self.committed if record.topic == EVENTS.name]


@dataclass
class Producer:
    broker: Broker

    def commit(self, records: Sequence[Outgoing], claim: Claim) -> None:
        assert claim is CLAIM
        if self.would_reject(records):
            raise REJECTED
        failure = self.broker.failures.pop(0) if self.broker.failures else None
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


def commit(broker: Broker, *values: bytes) -> None:
    checkpoints = EVENTS.__class__(name="checkpoints", key="k", partitions=1, replication=1, min_insync=1, holds="c")
    committer = Committer(broker.connect, checkpoints=checkpoints, dead_letters=DEAD)
    try:
        committer.commit([chunk(number, value) for number, value in enumerate(values, start=1)], CLAIM)
    finally:
        committer.close()


def chunk(number: int, value: bytes) -> Chunk:
    checkpoint = Checkpoint(vcenter="vc1", instance_uuid="4c", time=START, since=START, last_key=number)
    return Chunk(checkpoint, (Outgoing(EVENTS.name, value, b"k", (("ce_id", b"vc1/0/%d" % number),)),))


def test_events_are_committed_with_the_last_checkpoint_of_each_vcenter() -> None:
    broker = Broker()
    commit(broker, b"1", b"2")
    assert [b"1", b"2"] == broker.values
    assert 3 == len(broker.committed)
    assert 2 == broker.checkpoints()["vc1"].last_key


@pytest.mark.parametrize(("failure", "outcome"), [(UNDONE, "aborted"), (OUTDATED, "fenced")])
def test_a_transaction_that_was_undone_is_for_the_caller_to_try_again(failure: AbortedError, outcome: str) -> None:
    broker, counter = Broker(failures=[failure]), metrics.TRANSACTIONS.labels(outcome=outcome)
    before = counter._value.get()
    with pytest.raises(AbortedError):
        commit(broker, b"1")
    assert (1, []) == (counter._value.get() - before, broker.committed)


def test_a_rejected_record_becomes_a_dead_letter_and_its_neighbours_pass() -> None:
    broker = Broker(refuses=b"3")
    commit(broker, b"1", b"2", b"3", b"4", b"5")
    assert [b"1", b"2", b"4", b"5"] == broker.values
    (letter,) = [record for record in broker.committed if record.topic == DEAD.name]
    assert (b"3", b"vc1/0/3") == (letter.value, dict(letter.headers)["reflexarc_origin"])


def test_an_innocent_transaction_that_is_undone_behind_a_rejected_one_is_written_again() -> None:
    broker = Broker(refuses=b"3", failures=[UNDONE])
    commit(broker, b"1", b"2", b"3")
    assert [b"1", b"2"] == broker.values


def test_after_an_unknown_outcome_there_is_a_new_producer_which_makes_it_final() -> None:
    broker = Broker(failures=[BrokenError("unknown")])
    with pytest.raises(BrokenError):
        commit(broker, b"1")
    assert 2 == broker.producers


@pytest.mark.parametrize("why", ["an ACL is missing", "the topic does not exist"])
def test_a_transaction_undone_for_a_refusal_is_not_written_again(why: str) -> None:
    broker = Broker(failures=[AbortedError(Refused(why, cure="act"))])
    with pytest.raises(Refused, match=why):
        commit(broker, b"1")
    assert [] == broker.committed


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
