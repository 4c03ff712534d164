"""What happens to deliveries with events under way: all are taken or, if nobody ever takes them, buried; in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.faults.delivery.experiment import Experiment

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from concurrent.futures import Future

    from tests.faults.delivery.experiment import Outcome

pytestmark = pytest.mark.stack

UNHARMED = (set[int](), set[int](), 0)
EXPERIMENTS = {
    "kills": Experiment(faults=("kill-deliver", "join-and-leave", "sink-away", "kill-deliver")),
    "routers": Experiment(faults=("kill-router",) * 3),
    "early": Experiment(faults=("kill-deliver",), in_flight=1, mutant="reports-early", quiet=10.0),
    "unordered": Experiment(faults=("sink-away",), events=2_000, in_flight=50, mutant="keys-side-by-side"),
    "blaming": Experiment(faults=("sink-away",), mutant="blames-events"),
    "forgetful": Experiment(faults=("kill-router",) * 3, mutant="forgets-origins"),
}


@pytest.fixture(scope="module")
def outcomes(
    try_out: Callable[[Experiment], Future[Mapping[str, Outcome]]],
) -> Mapping[str, Future[Mapping[str, Outcome]]]:
    return {name: try_out(experiment) for name, experiment in EXPERIMENTS.items()}


def test_kills_a_rebalance_and_an_outage_cost_nothing(outcomes: Mapping[str, Future[Mapping[str, Outcome]]]) -> None:
    outcome = outcomes["kills"].result()["http"]
    assert UNHARMED == outcome.damage
    assert all(outcome.under_way)
    assert [] == outcome.unfair


def test_kills_of_the_router_bring_no_duplicate(outcomes: Mapping[str, Future[Mapping[str, Outcome]]]) -> None:
    outcome = outcomes["routers"].result()["http"]
    assert (UNHARMED, 0) == (outcome.damage, outcome.tally.duplicates)
    assert all(outcome.under_way)


def test_reporting_before_the_sink_has_it_would_be_seen(outcomes: Mapping[str, Future[Mapping[str, Outcome]]]) -> None:
    assert outcomes["early"].result()["http"].lost


def test_keys_side_by_side_would_be_seen(outcomes: Mapping[str, Future[Mapping[str, Outcome]]]) -> None:
    assert outcomes["unordered"].result()["http"].tally.out_of_order > 0


def test_events_buried_because_of_an_outage_would_be_seen(
    outcomes: Mapping[str, Future[Mapping[str, Outcome]]],
) -> None:
    assert outcomes["blaming"].result()["http"].wrongly_buried


def test_forgotten_origins_would_be_seen(outcomes: Mapping[str, Future[Mapping[str, Outcome]]]) -> None:
    assert outcomes["forgetful"].result()["http"].tally.duplicates > 0
