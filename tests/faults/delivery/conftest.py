"""Experiments with topics and processes of their own, two at a time on one broker."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from tests.faults.delivery import experiment
from tests.support import topics

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from concurrent.futures import Future
    from pathlib import Path

    from ops.dev.component import Status
    from tests.faults.delivery.experiment import Experiment, Outcome


@pytest.fixture(scope="module")
def try_out(
    stack: Status, state: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[Experiment], Future[Mapping[str, Outcome]]]]:
    """Begin an experiment; what came of it, by sink."""

    def carry_out(wanted: Experiment, folder: Path) -> Mapping[str, Outcome]:
        with topics.of_its_own(stack["kafka"].endpoint or "") as name:
            return experiment.run(wanted, stack, state, folder, name)

    with ThreadPoolExecutor(2) as pool:
        yield lambda wanted: pool.submit(carry_out, wanted, tmp_path_factory.mktemp("delivery"))
