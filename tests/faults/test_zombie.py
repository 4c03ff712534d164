"""A worker that stands still until its group has given it up, and wakes again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.faults.experiment import Experiment

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from tests.faults.experiment import Outcome

pytestmark = pytest.mark.stack


def test_a_worker_that_slept_past_its_session_disturbs_nothing(
    perform: Callable[[Experiment], Future[Outcome]],
) -> None:
    outcome = perform(
        Experiment(
            name="SIGSTOP past the session, SIGCONT",
            plan="0 start w1, 1 start w2, 4 SIGSTOP w1, 10 SIGCONT w1",
            events=4800,
            rate=400.0,
        )
    ).result()
    assert (0, 0) == (outcome.tally.lost, outcome.tally.out_of_order)
    assert all(outcome.in_flight)
    assert ({}, []) == (outcome.uncommitted, outcome.crashed)
