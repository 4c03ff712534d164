"""SIGKILL of workers with events in their hands: none is lost, none overtakes another, and a loss would be seen."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest

from tests.faults.crew import Setting
from tests.faults.experiment import Experiment

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from concurrent.futures import Future

    from tests.faults.experiment import Outcome

pytestmark = pytest.mark.stack

RATE = 400.0
# A share of slow deliveries that fills hands and lanes at any moment.
BUSY = 0.03
JOIN_KILL_LEAVE = "0 start w1, 1 start w2, 4 SIGKILL w1, 5 start w3, 9 SIGTERM w2"


@pytest.fixture(scope="module")
def outcomes(perform: Callable[[Experiment], Future[Outcome]]) -> Mapping[str, Future[Outcome]]:
    experiments = {
        strategy: Experiment(
            name="join, SIGKILL, leave",
            plan=JOIN_KILL_LEAVE,
            setting=Setting(strategy=strategy),
            events=4800,
            rate=RATE,
        )
        for strategy in ("cooperative-sticky", "range")
    }
    experiments["drain"] = Experiment(
        name="SIGKILL in the drain of a SIGTERM",
        plan="0 start w1, 1 start w2, 4 SIGTERM w1, 4.5 SIGKILL w1",
        setting=Setting(slow=BUSY),
        events=2400,
        rate=RATE,
    )
    experiments["mutant"] = Experiment(
        name="join, SIGKILL",
        plan="0 start w1, 1 start w2, 4 SIGKILL w1",
        setting=Setting(slow=BUSY, mutant="acknowledge-early"),
        events=2000,
        rate=RATE,
    )
    return {name: perform(experiment) for name, experiment in experiments.items()}


@pytest.mark.parametrize("strategy", ["cooperative-sticky", "range"])
def test_nothing_is_lost_when_workers_join_die_and_leave(
    outcomes: Mapping[str, Future[Outcome]], strategy: str
) -> None:
    outcome = outcomes[strategy].result()
    assert (0, 0) == (outcome.tally.lost, outcome.tally.out_of_order)
    assert ({}, []) == (outcome.uncommitted, outcome.crashed)
    assert all(outcome.in_flight)
    assert {0} == {each.code for each in outcome.exits}


def test_nothing_is_lost_when_a_worker_dies_while_it_drains(outcomes: Mapping[str, Future[Outcome]]) -> None:
    outcome = outcomes["drain"].result()
    assert ("w1", -signal.SIGKILL) in {(each.worker, each.code) for each in outcome.exits}
    assert all(outcome.in_flight)
    assert (0, 0) == (outcome.tally.lost, outcome.tally.out_of_order)
    assert {} == outcome.uncommitted


def test_reporting_what_is_not_delivered_would_be_seen_as_a_loss(outcomes: Mapping[str, Future[Outcome]]) -> None:
    assert outcomes["mutant"].result().tally.lost > 0
