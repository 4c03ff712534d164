"""Experiments beside each other on one broker, each with topics and vCenters of its own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from tests.faults.ingest import experiment
from tests.support import topics

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future
    from pathlib import Path

    from ops.dev.component import Status
    from tests.faults.ingest.experiment import Experiment, Outcome


@pytest.fixture(scope="module")
def try_out(
    stack: Status, state: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[Experiment], Future[Outcome]]]:
    """Begin an experiment."""

    def carry_out(wanted: Experiment, folder: Path) -> Outcome:
        with topics.of_its_own(stack["kafka"].endpoint or "") as name:
            return experiment.run(wanted, stack, state, folder, name)

    with ThreadPoolExecutor() as pool:
        yield lambda wanted: pool.submit(carry_out, wanted, tmp_path_factory.mktemp("ingest"))
