"""An installation with simulators of its own, whose tasks take their time, for the tests of a file."""

from __future__ import annotations

import uuid
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.faults.commands.experiment import Experiment
from tests.faults.commands.orders import OPTIONS, SECTION, VCENTERS
from tests.faults.commands.world import World
from tests.support.simulator import simulators

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from ops.dev.component import Status

TASK = 2_000
"""Milliseconds of every task."""

MACHINES = 90
"""For the commands of all short forms."""


@pytest.fixture(scope="module")
def begin(
    stack: Status, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[int], AbstractContextManager[Experiment]]:
    """Makes one for so many commands."""

    @contextmanager
    def made(machines: int) -> Iterator[Experiment]:
        folder, prefix = tmp_path_factory.mktemp("commands"), f"faults-commands-{uuid.uuid4().hex[:8]}"
        options = (*OPTIONS, "--slow", "0.1")
        with (
            simulators(folder, *VCENTERS, milliseconds=TASK, machines=machines) as vcenters,
            World(folder / "world", stack, prefix, vcenters=vcenters, commands=SECTION, options=options) as world,
        ):
            yield Experiment(world, machines)

    return made


@pytest.fixture(scope="module")
def experiment(begin: Callable[[int], AbstractContextManager[Experiment]]) -> Iterator[Experiment]:
    """The one of the short forms."""
    with begin(MACHINES) as experiment:
        yield experiment
