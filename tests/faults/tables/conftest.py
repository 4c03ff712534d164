"""The laboratory of one test of tables."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from tests.faults.row import row
from tests.faults.tables import audit

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ops.dev.component import Status
    from tests.faults.experiment import Experiment
    from tests.faults.tables.audit import Audit


@pytest.fixture
def examine(stack: Status, state: Path, tmp_path: Path, prefix: str) -> Callable[[Experiment], Audit]:
    """Carry an experiment out, print and return what came of the table."""

    def carry_out(wanted: Experiment) -> Audit:
        found = audit.run(wanted, stack, state, tmp_path, prefix)
        sys.stderr.write(f"{row(wanted, found.outcome)}\n{found}\n")
        return found

    return carry_out
