from __future__ import annotations

from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from tests.streams.guard.machine import Decider

LONG = settings(max_examples=200, stateful_step_count=60, deadline=None, database=None)


def test_no_interleaving_breaks_a_limit() -> None:
    """Cool-down, blast radius, approval, deny list, kill switch, one decision per id, one host in maintenance."""
    run_state_machine_as_test(Decider, settings=LONG)
