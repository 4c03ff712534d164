"""Experiments with topics and routers of their own, two at a time on one broker."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from tests.faults.router import experiment
from tests.support import topics

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future

    from ops.dev.component import Status
    from tests.faults.router.experiment import Experiment, Outcome


@pytest.fixture(scope="module")
def try_out(
    stack: Status, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[Experiment], Future[Outcome]]]:
    """Begin an experiment."""

    def carry_out(wanted: Experiment) -> Outcome:
        with topics.of_its_own(stack["kafka"].endpoint or "") as name:
            return experiment.run(wanted, stack, tmp_path_factory.mktemp("router"), name)

    with ThreadPoolExecutor(2) as pool:
        yield lambda wanted: pool.submit(carry_out, wanted)
