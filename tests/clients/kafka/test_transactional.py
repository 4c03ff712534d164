from __future__ import annotations

import threading

import pytest
from confluent_kafka import KafkaError, KafkaException

from clients.kafka.transactional import BrokenError, TransactionalProducer
from schemas.config import KafkaConfig
from schemas.errors import Unreachable


class Mute:
    """A producer whose coordinator never answers."""

    def _time_out(self, _seconds: float) -> None:
        raise KafkaException(KafkaError(KafkaError._TIMED_OUT, "no answer", False, True))

    init_transactions = commit_transaction = abort_transaction = _time_out


def mute(*, within: float | None, asked: int) -> TransactionalProducer:
    """Gives up after it has been asked so often."""
    left = iter(range(asked))
    config = KafkaConfig(bootstrap="localhost:1")
    producer = TransactionalProducer(
        config,
        client_id="test",
        transactional_id="x",
        given_up=lambda: next(left, None) is None,
        within=within,
    )
    producer._producer = Mute()
    return producer


@pytest.mark.parametrize("call", ["commit", "abort"])
def test_an_outcome_that_does_not_come_in_time_is_for_a_new_producer_to_find(call: str) -> None:
    with pytest.raises(BrokenError, match="no outcome within 0 s"):
        getattr(mute(within=0.0, asked=3), call)()


@pytest.mark.parametrize(("call", "within"), [("commit", None), ("open", 0.0)])
def test_without_a_limit_and_at_the_opening_it_is_waited_for_until_given_up(call: str, within: float | None) -> None:
    with pytest.raises(Unreachable):
        getattr(mute(within=within, asked=3), call)()


class Stuck:
    """A producer that never returns from a call, whatever time limit it was given."""

    def _hang(self, _seconds: float) -> None:
        threading.Event().wait()

    commit_transaction = abort_transaction = _hang

    def purge(self, *, blocking: bool) -> None:
        pass


def test_a_call_that_never_returns_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clients.kafka.transactional.SLICE", 0.0)
    monkeypatch.setattr("clients.kafka.aside.LOOK", 0.01)
    monkeypatch.setattr("clients.kafka.aside.GRACE", 0.02)
    producer = mute(within=None, asked=100)
    producer._producer = Stuck()
    with pytest.raises(BrokenError, match="has not returned"):
        producer.commit()
    with pytest.raises(BrokenError, match="an earlier call"):
        producer.abort()
    producer.close()
