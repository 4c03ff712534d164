"""What happens to ingest in an open transaction: every event is on Kafka exactly once, in the order of its entity."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.faults.ingest.experiment import Experiment

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from concurrent.futures import Future

    from tests.faults.ingest.experiment import Outcome

pytestmark = pytest.mark.stack

KILLS, ALL_KILLS = 4, 20
TWO = ("vc1", "vc2")
UNHARMED = (0, 0, 0, 0)
EXPERIMENTS = {
    "killed": Experiment(faults=("kill",) * KILLS, vcenters=TWO, rate=150.0),
    "checkpoint outside": Experiment(faults=("kill",) * 2, mutant="checkpoint-outside"),
    "seen keys": Experiment(faults=("kill",) * 2, mutant="forgets-seen-keys"),
    "undone": Experiment(faults=("abort",) * 5),
    "outlasted": Experiment(faults=("outlast",)),
    "undone, mutant": Experiment(faults=("abort",), mutant="drops-what-was-undone"),
}


@pytest.fixture(scope="module")
def outcomes(try_out: Callable[[Experiment], Future[Outcome]]) -> Mapping[str, Future[Outcome]]:
    return {name: try_out(experiment) for name, experiment in EXPERIMENTS.items()}


def test_a_sigkill_in_an_open_transaction_costs_nothing(outcomes: Mapping[str, Future[Outcome]]) -> None:
    outcome = outcomes["killed"].result()
    assert UNHARMED == outcome.tally.damage
    assert all(outcome.in_flight)


def test_a_checkpoint_that_is_committed_before_its_events_would_be_seen(
    outcomes: Mapping[str, Future[Outcome]],
) -> None:
    assert outcomes["checkpoint outside"].result().tally.lost > 0


def test_forgetting_which_events_were_read_would_be_seen(outcomes: Mapping[str, Future[Outcome]]) -> None:
    assert outcomes["seen keys"].result().tally.doubled > 0


def test_what_was_undone_is_written_again(outcomes: Mapping[str, Future[Outcome]]) -> None:
    outcome = outcomes["undone"].result()
    assert UNHARMED == outcome.tally.damage
    assert all(outcome.in_flight)


def test_dropping_what_was_undone_would_be_seen(outcomes: Mapping[str, Future[Outcome]]) -> None:
    assert outcomes["undone, mutant"].result().tally.lost > 0


def test_a_transaction_that_its_process_slept_through_costs_nothing(
    outcomes: Mapping[str, Future[Outcome]],
) -> None:
    outcome = outcomes["outlasted"].result()
    assert UNHARMED == outcome.tally.damage
    assert all(outcome.in_flight)
    assert 0 == outcome.revivals


@pytest.mark.soak
@pytest.mark.timeout(900)
def test_twenty_sigkills_in_open_transactions_cost_nothing(try_out: Callable[[Experiment], Future[Outcome]]) -> None:
    outcome = try_out(Experiment(faults=("kill",) * ALL_KILLS)).result()
    assert UNHARMED == outcome.tally.damage
    assert all(outcome.in_flight)
    assert ALL_KILLS == len(outcome.in_flight)
