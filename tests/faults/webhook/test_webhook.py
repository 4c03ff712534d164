"""Faults under load: what was answered with 202 is in Kafka, batches whole and once, single events at least once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.faults.webhook.experiment import Experiment

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.faults.webhook.experiment import Outcome

    TryOut = Callable[[Experiment], Outcome]

pytestmark = [pytest.mark.stack, pytest.mark.timeout(600)]

UNHARMED = (0, 0, 0, 0)
MUCH = 500.0  # requests a second


def test_sigkills_of_the_server_cost_nothing_that_was_promised(try_out: TryOut) -> None:
    """In the middle one with a broker that has not acknowledged what it was handed; others find what they find."""
    outcome = try_out(Experiment(faults=("kill", "kill-stalled", "kill")))
    assert UNHARMED == outcome.tally.damage
    assert outcome.in_flight[1] > 0


def test_a_broker_that_is_away_for_five_seconds_costs_nothing_that_was_promised(try_out: TryOut) -> None:
    """What exceeds the places is sent away with 429; nothing is answered with 500."""
    outcome = try_out(Experiment(faults=("stop-broker 5",)))
    assert UNHARMED == outcome.tally.damage
    assert {202, 429, 503} >= set(outcome.answers)
    assert all(outcome.in_flight)


def test_an_answer_before_the_brokers_ack_would_be_seen(try_out: TryOut) -> None:
    """The mutant's 202 means only that the producer has the events."""
    assert try_out(Experiment(faults=("kill-stalled",), mutant="answers-early")).tally.lost > 0


@pytest.mark.soak
def test_ten_sigkills_cost_nothing_that_was_promised(try_out: TryOut) -> None:
    """In every other one the broker stands still."""
    outcome = try_out(Experiment(faults=("kill", "kill-stalled") * 5, rate=MUCH))
    assert UNHARMED == outcome.tally.damage
    assert all(outcome.in_flight[1::2])


@pytest.mark.soak
def test_a_broker_that_is_away_for_thirty_seconds_costs_nothing_that_was_promised(try_out: TryOut) -> None:
    """Longer than a request may wait: senders hear 503, and come again."""
    outcome = try_out(Experiment(faults=("stop-broker 30",), rate=MUCH))
    assert UNHARMED == outcome.tally.damage
    assert {202, 429, 503} == set(outcome.answers)
    assert all(outcome.in_flight)


@pytest.mark.soak
def test_a_batch_in_several_transactions_would_be_seen(try_out: TryOut) -> None:
    """The mutant commits event by event, and dies in between."""
    assert try_out(Experiment(faults=("kill",) * 10, mutant="splits-batches")).tally.torn > 0
