from __future__ import annotations

import logging
import signal
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from ops.cli import run
from schemas.config.redact import _Memory

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

CONFIGURATION = """
kafka: {bootstrap: "localhost:9092", replication: 1}
vcenters:
  vc1: {url: "https://vc1.example.org", username: reader, password: "${VC1_PASSWORD}"}
routes:
  - {name: power, match: {subject: VmPoweredOffEvent}, to: functions}
sinks:
  functions: {type: http, url: "http://127.0.0.1:8081/event"}
"""


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str


@pytest.fixture(autouse=True)
def _forgetful(monkeypatch: pytest.MonkeyPatch) -> None:
    """What one test reveals is not blanked in the output of the next."""
    monkeypatch.setattr("schemas.config.redact._MEMORY", _Memory())


@pytest.fixture(autouse=True)
def _room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every command runs in an empty folder, in an environment that says nothing about reflexarc."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("REFLEXARC_CONFIG", raising=False)
    monkeypatch.delenv("REFLEXARC_LOG_FORMAT", raising=False)
    monkeypatch.setenv("VC1_PASSWORD", "hunter2-of-vc1")


@pytest.fixture(autouse=True)
def _root_logger() -> Iterator[None]:
    """Commands install a handler on the root logger; tests leave none behind."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(capture=False)


@pytest.fixture(autouse=True)
def _handlers() -> Iterator[None]:
    """A command that runs until it is stopped takes the signals of its process; the tests want theirs back."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def reflexarc(capfd: pytest.CaptureFixture[str]) -> Callable[..., Outcome]:
    """Runs one command line in this process."""

    def command(*arguments: str) -> Outcome:
        capfd.readouterr()
        code = run(arguments)
        captured = capfd.readouterr()
        return Outcome(code, captured.out, captured.err)

    return command


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], Path]:
    """Stores ``reflexarc.yaml`` in the working folder."""

    def store(text: str) -> Path:
        path = tmp_path / "reflexarc.yaml"
        path.write_text(textwrap.dedent(text))
        return path

    return store


@pytest.fixture
def configuration(write: Callable[[str], Path]) -> Path:
    """A right configuration with one vCenter, one route and one sink."""
    return write(CONFIGURATION)
