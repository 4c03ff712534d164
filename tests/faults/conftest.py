"""The laboratory of one test: a topic of its own on the shared broker."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from tests.faults import experiment
from tests.faults.row import row

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ops.dev.component import Status
    from tests.faults.experiment import Experiment, Outcome


@pytest.fixture
def perform(stack: Status, state: Path, tmp_path: Path, prefix: str) -> Callable[[Experiment], Outcome]:
    """Carry an experiment out and print what came of it."""

    def carry_out(wanted: Experiment) -> Outcome:
        outcome = experiment.run(wanted, stack, state, tmp_path, prefix)
        sys.stderr.write(f"{row(wanted, outcome)}\n")
        return outcome

    return carry_out
