"""One experiment after the other on the shared broker: each has topics, a server and a sender of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.faults.webhook import experiment

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ops.dev.component import Status
    from tests.faults.webhook.experiment import Experiment, Outcome


@pytest.fixture
def try_out(stack: Status, state: Path, tmp_path: Path, prefix: str) -> Callable[[Experiment], Outcome]:
    """Carry out an experiment."""
    return lambda wanted: experiment.run(wanted, stack, state, tmp_path, prefix)
