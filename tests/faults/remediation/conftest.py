"""Installations with simulators of their own, whose tasks take longer than a worker needs to come back."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from tests.faults.remediation.experiment import SINKS, VCENTERS
from tests.faults.remediation.world import World
from tests.support.simulator import simulators

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from ops.dev.component import Status

TASK: int = 6_000
"""Milliseconds of every task."""


@pytest.fixture
def begin(stack: Status, tmp_path: Path, prefix: str) -> Callable[..., AbstractContextManager[World]]:
    """Makes it; keywords are those of ``World``, and ``task``, milliseconds of every task, and ``machines``."""

    @contextmanager
    def made(*, task: int = TASK, machines: int = 20, **options: Any) -> Iterator[World]:
        with (
            simulators(tmp_path, *VCENTERS, milliseconds=task, machines=machines) as vcenters,
            World(tmp_path / "world", stack, prefix, **{"sinks": SINKS, "vcenters": vcenters, **options}) as world,
        ):
            yield world

    return made
