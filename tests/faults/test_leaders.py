"""Nodes of a cluster that lead and coordinate are killed under workers, and come back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.faults.crew import Setting
from tests.faults.experiment import Experiment

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from tests.faults.experiment import Outcome

pytestmark = [pytest.mark.stack, pytest.mark.timeout(900)]

KILLS, APART, AWAY, RATE = 8, 20, 6, 300.0
ENDLESS = 1 << 40


def nothing_is_lost(outcome: Outcome, kills: int) -> None:
    assert (0, 0) == (outcome.tally.lost, outcome.tally.out_of_order)
    assert ({}, []) == (outcome.uncommitted, outcome.crashed)
    assert kills == sum(fall.leads > 0 for fall in outcome.falls)
    assert len({fall.node for fall in outcome.falls}) > 1
    assert all(outcome.in_flight)


def two_leaders(mutant: str | None = None) -> Experiment:
    return Experiment(
        name="SIGKILL of two leading coordinators of three, return",
        plan="0 start w1, 1 start w2, 4 SIGKILL coordinator, 6 start broker, 12 SIGKILL coordinator, 14 start broker",
        setting=Setting(mutant=mutant),
        events=ENDLESS,
        rate=RATE,
        beyond=3.0,
    )


def test_workers_outlive_two_leaders_and_lose_nothing(
    perform_on_cluster: Callable[[Experiment], Future[Outcome]],
) -> None:
    nothing_is_lost(perform_on_cluster(two_leaders()).result(), 2)


def test_committing_past_what_is_unfinished_would_be_seen_when_partitions_move_with_their_coordinator(
    perform_on_cluster: Callable[[Experiment], Future[Outcome]],
) -> None:
    assert perform_on_cluster(two_leaders("commit-last-plus-one")).result().tally.lost > 0


@pytest.mark.soak
@pytest.mark.parametrize("strategy", ["cooperative-sticky", "range", "consumer"])
def test_workers_outlive_one_leader_after_the_other(
    perform_on_cluster: Callable[[Experiment], Future[Outcome]], strategy: str
) -> None:
    falls = [f"{at} SIGKILL coordinator, {at + AWAY} start broker" for at in range(5, 5 + KILLS * APART, APART)]
    outcome = perform_on_cluster(
        Experiment(
            name=f"SIGKILL of the leading coordinator, {KILLS} times, return",
            plan=", ".join(["0 start w1", "1 start w2", *falls]),
            setting=Setting(strategy=strategy),
            events=ENDLESS,
            rate=RATE,
            beyond=10.0,
        )
    ).result()
    nothing_is_lost(outcome, KILLS)
