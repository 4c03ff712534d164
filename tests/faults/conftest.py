"""The laboratory of one test: a topic of its own on the shared broker, or on a cluster of three."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from ops.dev import stack as dev
from tests.faults import experiment
from tests.faults.row import COLUMNS, row
from tests.support.book import Book

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
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


@pytest.fixture
def perform(stack: Status, state: Path, tmp_path: Path, prefix: str) -> Callable[[Experiment], Outcome]:
    """Carry an experiment out and print what came of it."""
    return lambda wanted: carry_out(wanted, stack, state, tmp_path, prefix)


@pytest.fixture
def perform_on_cluster(
    cluster: Status, cluster_state: Path, tmp_path: Path, prefix: str
) -> Callable[[Experiment], Outcome]:
    """The same with a broker of three nodes."""
    return lambda wanted: carry_out(wanted, cluster, cluster_state, tmp_path, prefix)


def carry_out(wanted: Experiment, stack: Status, state: Path, folder: Path, prefix: str) -> Outcome:
    outcome = experiment.run(wanted, stack, state, folder, prefix)
    Book("faults", COLUMNS).add(*row(wanted, outcome))
    return outcome
