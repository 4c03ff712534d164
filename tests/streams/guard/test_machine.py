from __future__ import annotations

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from tests.streams.guard.machine import Decider
from tests.streams.guard.narrow import Desk, Failing, Hosts

LONG = settings(max_examples=100, stateful_step_count=60, deadline=None, database=None)


def test_no_interleaving_breaks_a_limit() -> None:
    """Cool-down, blast radius, approval, deny list, kill switch, one decision per id, one host in maintenance."""
    run_state_machine_as_test(Decider, settings=LONG)


@pytest.mark.parametrize("narrow", [Desk, Failing, Hosts])
def test_nor_does_a_part_of_it_lived_more_often(narrow: type[Decider]) -> None:
    run_state_machine_as_test(narrow, settings=LONG)
