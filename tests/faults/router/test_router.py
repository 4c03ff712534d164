"""What happens to routers with events in hand: each origin reaches the sink topic, first ones in order per key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.faults.router.experiment import Experiment

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from concurrent.futures import Future

    from tests.faults.router.experiment import Outcome

pytestmark = pytest.mark.stack

UNHARMED = (0, 0, 0)
ALL_KILLS = 20
EXPERIMENTS = {
    "early": Experiment(faults=("kill",), patience=30.0, mutant="router-reports-early"),
    "backwards": Experiment(faults=("kill",), mutant="publishes-backwards"),
    "asleep": Experiment(faults=("sleep",)),
}


@pytest.fixture(scope="module")
def outcomes(try_out: Callable[[Experiment], Future[Outcome]]) -> Mapping[str, Future[Outcome]]:
    return {name: try_out(experiment) for name, experiment in EXPERIMENTS.items()}


def test_a_router_that_slept_past_its_session_costs_nothing(outcomes: Mapping[str, Future[Outcome]]) -> None:
    outcome = outcomes["asleep"].result()
    assert UNHARMED == outcome.damage
    assert all(outcome.in_flight)
    assert outcome.tally.duplicates > 0  # what it published when it woke


def test_reporting_before_the_broker_has_it_would_be_seen(outcomes: Mapping[str, Future[Outcome]]) -> None:
    assert outcomes["early"].result().tally.lost > 0


def test_a_changed_order_would_be_seen(outcomes: Mapping[str, Future[Outcome]]) -> None:
    assert outcomes["backwards"].result().tally.out_of_order > 0


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_twenty_sigkills_and_a_zombie_cost_nothing(try_out: Callable[[Experiment], Future[Outcome]]) -> None:
    kills = ("kill", "kill", "replace", "kill") * (ALL_KILLS // 4)
    outcome = try_out(Experiment(faults=(*kills, "sleep"))).result()
    assert UNHARMED == outcome.damage
    assert ALL_KILLS + 1 == len(outcome.in_flight)
    assert all(outcome.in_flight)
