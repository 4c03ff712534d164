"""Real processes and services for the tests of the local stack, ended whatever happens."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from ops.dev.process import Process, start_detached
from ops.dev.service import Place
from tests.ops.dev.services import Quiet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Run = Callable[[str], Process]


@pytest.fixture
def quiet() -> Quiet:
    return Quiet()


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place("web", tmp_path, tmp_path)


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    """Starts Python programs detached; every one still running at the end of the test is killed."""
    started: list[Process] = []

    def start(program: str) -> Process:
        log = tmp_path / f"{len(started)}.log"
        process = start_detached((sys.executable, "-u", "-c", program), log=log, environ=os.environ)
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
