"""A partition that moves has one owner at a time, and moves in time; two owners would be seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.faults.crew import Setting
from tests.faults.experiment import PARTITIONS, Experiment
from tests.faults.worker import DRAIN

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.faults.experiment import Outcome

pytestmark = pytest.mark.stack

# What a busy machine may add to a bound in seconds.
SLACK = 4.0


def join_with_a_backlog(mutant: str | None = None) -> Experiment:
    """Fewer hands than keys: at the end of a drain, lanes are waiting that have not begun."""
    return Experiment(
        name="join with a backlog",
        plan="0 start w1, 1 start w2",
        setting=Setting(slow=0.05, in_flight=50, mutant=mutant),
        events=3500,
        rate=None,
    )


def test_a_partition_that_moves_has_one_owner_at_a_time(perform: Callable[[Experiment], Outcome]) -> None:
    outcome = perform(join_with_a_backlog())
    assert (0, 0) == (outcome.tally.lost, outcome.tally.out_of_order)
    assert 0 < outcome.tally.handovers <= PARTITIONS
    assert {} == outcome.uncommitted


@pytest.mark.parametrize("mutant", ["skip-drain", "no-generation-check"])
def test_an_owner_that_works_on_would_be_seen_beside_the_next_one(
    perform: Callable[[Experiment], Outcome], mutant: str
) -> None:
    outcome = perform(join_with_a_backlog(mutant))
    assert outcome.tally.handovers > PARTITIONS


def test_a_delivery_that_hangs_holds_a_partition_no_longer_than_the_drain_may_take(
    perform: Callable[[Experiment], Outcome],
) -> None:
    outcome = perform(
        Experiment(
            name="a delivery hangs in one worker",
            plan="0 start w1, 1 start w2, 9 SIGTERM w1",
            setting=Setting(hang={"w1": (10, 11, 12, 13, 14, 15)}),
            events=3600,
            rate=400.0,
        )
    )
    (left,) = (each for each in outcome.exits if each.worker == "w1")
    assert (0, 0) == (outcome.tally.lost, outcome.tally.out_of_order)
    assert 0 == left.code
    assert max(left.seconds, outcome.drain) < DRAIN + SLACK
    assert outcome.cancelled > 0
    assert {} == outcome.uncommitted
