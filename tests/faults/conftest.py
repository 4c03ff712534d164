"""The laboratory: a topic of its own on the shared broker for every experiment, several of them at a time."""

from __future__ import annotations

import sys
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from tests.faults import experiment
from tests.faults.row import row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future
    from pathlib import Path

    from ops.dev.component import Status
    from tests.faults.experiment import Experiment, Outcome


@pytest.fixture(scope="module")
def perform(
    stack: Status, state: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[Experiment], Future[Outcome]]]:
    """Begin an experiment; what came of it is printed. Mostly it waits, so that others can go on beside it."""

    def carry_out(wanted: Experiment, folder: Path) -> Outcome:
        outcome = experiment.run(wanted, stack, state, folder, f"t{uuid.uuid4().hex[:10]}")
        sys.stderr.write(f"{row(wanted, outcome)}\n")
        return outcome

    with ThreadPoolExecutor() as pool:
        yield lambda wanted: pool.submit(carry_out, wanted, tmp_path_factory.mktemp("experiment"))
