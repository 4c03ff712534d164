"""A partition that moves has one owner at a time, and moves in time; two owners would be seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.faults.crew import Setting
from tests.faults.experiment import PARTITIONS, Experiment
from tests.faults.member import DRAIN

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from concurrent.futures import Future

    from tests.faults.experiment import Outcome

pytestmark = pytest.mark.stack

# Seconds in which all begun work ends by itself: no delivery takes longer than 3, but for those that hang.
BEGUN = 4.0
# Seconds that a busy machine may add.
SLACK = 4.0


def join_with_a_backlog(mutant: str | None = None) -> Experiment:
    """Fewer hands than keys, for longer than a drain may take: there is always something that could begin."""
    return Experiment(
        name="join with a backlog",
        plan="0 start w1, 1 start w2",
        setting=Setting(session=6.0, slow=0.05, in_flight=60, mutant=mutant),
        events=4500,
        rate=None,
    )


def hang_in_one_worker(mutant: str | None = None) -> Experiment:
    return Experiment(
        name="a delivery hangs in one worker",
        plan="0 start w1, 1 start w2, 9 SIGTERM w1",
        setting=Setting(session=6.0, hang={"w1": (10, 11, 12, 13, 14, 15)}, mutant=mutant),
        events=2700,
        rate=300.0,
    )


@pytest.fixture(scope="module")
def outcomes(perform: Callable[[Experiment], Future[Outcome]]) -> Mapping[str, Future[Outcome]]:
    experiments = {
        "join": join_with_a_backlog(),
        "skip-drain": join_with_a_backlog("skip-drain"),
        "no-generation-check": join_with_a_backlog("no-generation-check"),
        "hang": hang_in_one_worker(),
        "endless-drain": hang_in_one_worker("endless-drain"),
    }
    return {name: perform(experiment) for name, experiment in experiments.items()}


def test_a_partition_that_moves_has_one_owner_at_a_time(outcomes: Mapping[str, Future[Outcome]]) -> None:
    outcome = outcomes["join"].result()
    assert (0, 0) == (outcome.tally.lost, outcome.tally.out_of_order)
    assert 0 < outcome.tally.handovers <= PARTITIONS
    assert 0 < outcome.drain < BEGUN
    assert {} == outcome.uncommitted


def test_an_owner_that_does_not_wait_for_its_work_would_be_seen_beside_the_next_one(
    outcomes: Mapping[str, Future[Outcome]],
) -> None:
    assert outcomes["skip-drain"].result().tally.handovers > PARTITIONS


def test_an_owner_that_begins_new_work_would_be_seen_in_its_drain(outcomes: Mapping[str, Future[Outcome]]) -> None:
    assert outcomes["no-generation-check"].result().drain > BEGUN


def test_a_delivery_that_hangs_holds_a_partition_no_longer_than_a_drain_may_take(
    outcomes: Mapping[str, Future[Outcome]],
) -> None:
    outcome = outcomes["hang"].result()
    (left,) = (each for each in outcome.exits if each.worker == "w1")
    assert (0, 0) == (outcome.tally.lost, outcome.tally.out_of_order)
    assert 0 == left.code
    assert BEGUN < outcome.drain < DRAIN + SLACK
    assert left.seconds < DRAIN + SLACK
    assert outcome.cancelled > 0
    assert {} == outcome.uncommitted


def test_a_drain_without_an_end_would_be_seen_in_the_exit_of_its_worker(
    outcomes: Mapping[str, Future[Outcome]],
) -> None:
    (left,) = (each for each in outcomes["endless-drain"].result().exits if each.worker == "w1")
    assert left.seconds > DRAIN + SLACK
    assert 0 != left.code
