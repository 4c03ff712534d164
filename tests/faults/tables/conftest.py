"""The laboratory of tables."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from tests.faults.row import note
from tests.faults.tables import audit
from tests.support import topics

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future
    from pathlib import Path

    from ops.dev.component import Status
    from tests.faults.experiment import Experiment
    from tests.faults.tables.audit import Audit


@pytest.fixture(scope="module")
def examine(
    stack: Status, state: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[Experiment], Future[Audit]]]:
    """Begin an experiment; what came of the table is printed. Others can go on beside it."""

    def carry_out(wanted: Experiment, folder: Path) -> Audit:
        with topics.of_its_own(stack["kafka"].endpoint or "") as name:
            found = audit.run(wanted, stack, state, folder, name)
        note(wanted, found.outcome)
        sys.stderr.write(f"{found}\n")
        return found

    with ThreadPoolExecutor() as pool:
        yield lambda wanted: pool.submit(carry_out, wanted, tmp_path_factory.mktemp("experiment"))
