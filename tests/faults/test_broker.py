"""SIGKILL of the broker under workers, and its return with the same data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.faults.experiment import Experiment

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from tests.faults.experiment import Outcome

pytestmark = pytest.mark.stack


def test_workers_outlive_the_broker_and_lose_nothing(perform: Callable[[Experiment], Future[Outcome]]) -> None:
    outcome = perform(
        Experiment(
            name="SIGKILL of the broker, return",
            plan="0 start w1, 1 start w2, 4 SIGKILL broker, 5 start broker",
            events=2400,
            rate=300.0,
        )
    ).result()
    assert (0, 0) == (outcome.tally.lost, outcome.tally.out_of_order)
    assert ({}, []) == (outcome.uncommitted, outcome.crashed)
    assert all(outcome.in_flight)
