"""The broker stands still, or dies and comes back: every event is on Kafka exactly once, in the order of its entity."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.faults.ingest.experiment import Experiment

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from tests.faults.ingest.experiment import Outcome

pytestmark = [pytest.mark.stack, pytest.mark.timeout(900)]


def nothing_is_harmed(outcome: Outcome) -> None:
    assert (0, 0, 0, 0) == outcome.tally.damage
    assert all(outcome.in_flight)
    assert 0 == outcome.revivals


def test_a_broker_that_stands_still_for_a_while_costs_nothing(
    try_out: Callable[[Experiment], Future[Outcome]],
) -> None:
    nothing_is_harmed(try_out(Experiment(faults=("pause-broker 3", "kill-broker"))).result())


@pytest.mark.soak
@pytest.mark.parametrize("fault", ["pause-broker 30", "pause-broker 12"])
def test_a_broker_that_stands_still_past_a_time_limit_costs_nothing(
    try_out: Callable[[Experiment], Future[Outcome]], fault: str
) -> None:
    nothing_is_harmed(try_out(Experiment(faults=(fault,) * 2)).result())


@pytest.mark.soak
def test_dropping_what_could_not_be_published_would_be_seen(
    try_out: Callable[[Experiment], Future[Outcome]],
) -> None:
    outcome = try_out(Experiment(faults=("pause-broker 20",), mutant="drops-what-was-undone")).result()
    assert outcome.tally.lost > 0


@pytest.mark.soak
def test_a_broker_that_dies_again_and_again_costs_nothing(try_out: Callable[[Experiment], Future[Outcome]]) -> None:
    nothing_is_harmed(try_out(Experiment(faults=("kill-broker",) * 5)).result())
