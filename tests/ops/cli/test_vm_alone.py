"""``reflexarc vm`` where Kafka runs, and nobody who hears it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from schemas.cloudevents import kafka
from schemas.remediation.request import request_id
from tests.faults.remediation.world import World
from tests.support import topics
from tests.support.commanding import Desk, people

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ops.dev.component import Status

pytestmark = pytest.mark.stack

INTERRUPTIBLE = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); from ops.cli import main; main()"
)
"""As from a terminal: what a shell starts in the background ignores the signal."""


@pytest.fixture
def world(stack: Status, tmp_path: Path, prefix: str) -> Iterator[World]:
    for name in ("answer", "commands"):
        (tmp_path / f"{name}.key").write_text(name[0] * 44)
    commands = {"key_file": str(tmp_path / "commands.key"), "people": people()}
    limits = {"answer_key_file": str(tmp_path / "answer.key")}
    with World(tmp_path / "world", stack, prefix, sinks={}, limits=limits, commands=commands) as world:
        yield world


@pytest.fixture
def desk(world: World, tmp_path: Path) -> Desk:
    return Desk(tmp_path / "said", world.scene)


@pytest.mark.parametrize(
    ("words", "cure"),
    [(("poweron", "web01"), "reflexarc vm status "), (("echo",), "does a worker of role command run?")],
)
def test_who_hears_nothing_in_time_learns_how_to_ask_later(words: tuple[str, ...], cure: str, desk: Desk) -> None:
    said = desk.vm(*words, "--within", "1s")
    (line,) = said.err.splitlines()
    assert (3, True) == (said.code, "has not ended within 1s; nobody has dealt with it" in line)
    assert cure in line


def test_who_does_not_wait_gets_the_id_of_the_command(world: World, desk: Desk) -> None:
    said = desk.vm("poweron", "web01", "--no-wait")
    (record,) = topics.everything(world.bootstrap, f"{world.prefix}.commands")
    event = kafka.from_message(record.headers() or (), record.value())
    id_ = request_id("command/poweron", event.source, event.id)
    assert (0, f"command {id_}: ACK - Processing Command\n") == (said.code, said.out)


def test_who_stops_waiting_is_told_that_the_command_goes_on(world: World) -> None:
    argv = [sys.executable, "-c", INTERRUPTIBLE, "--config", str(world.scene.config), "vm", "poweron", "web01"]
    with subprocess.Popen(
        argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"}
    ) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    id_ = first.split()[1].rstrip(":")
    assert 1 == process.returncode
    assert f"reflexarc: command {id_} goes on without you — ask how it stands: reflexarc vm status {id_}\n" == err
