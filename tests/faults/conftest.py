"""The laboratory: for every experiment a topic of its own on the shared broker, or on a cluster of three nodes."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from ops.dev import stack as dev
from tests.faults import experiment
from tests.faults.row import note
from tests.support import topics

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future
    from pathlib import Path

    from ops.dev.component import Status
    from tests.faults.experiment import Experiment, Outcome


@pytest.fixture(scope="session")
def cluster_state(state: Path) -> Path:
    return state.with_name("test-faults-cluster")


@pytest.fixture(scope="session")
def cluster(cluster_state: Path) -> Iterator[Status]:
    """Three nodes, of which two must have a record before it counts."""
    said: list[str] = []
    dev.down(cluster_state, said.append)
    shutil.rmtree(cluster_state)
    try:
        yield dev.up(cluster_state, only=["kafka"], brokers=3, report=said.append)
    finally:
        dev.down(cluster_state, said.append)


@pytest.fixture(scope="module")
def perform(
    stack: Status, state: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[Experiment], Future[Outcome]]]:
    """Begin an experiment; what came of it is noted. Mostly it waits, so that others can go on beside it."""
    with laboratory(stack, state, tmp_path_factory) as begin:
        yield begin


@pytest.fixture(scope="module")
def perform_on_cluster(
    cluster: Status, cluster_state: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[Experiment], Future[Outcome]]]:
    """The same with a broker of three nodes; one after the other, as one node may be away and no more."""
    with laboratory(cluster, cluster_state, tmp_path_factory, at_a_time=1) as begin:
        yield begin


@contextmanager
def laboratory(
    stack: Status, state: Path, folders: pytest.TempPathFactory, at_a_time: int | None = None
) -> Iterator[Callable[[Experiment], Future[Outcome]]]:
    def carry_out(wanted: Experiment, folder: Path) -> Outcome:
        with topics.of_its_own(stack["kafka"].endpoint or "") as name:
            outcome = experiment.run(wanted, stack, state, folder, name)
        note(wanted, outcome)
        return outcome

    with ThreadPoolExecutor(at_a_time) as pool:
        yield lambda wanted: pool.submit(carry_out, wanted, folders.mktemp("experiment"))
