"""The sending side of the bench: a small program in Go, so that it is not what is measured."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import NamedTuple

from schemas.errors import ReflexarcError

SOURCES = Path(__file__).parent / "go"
ACCEPTED = "202"


class Answered(NamedTuple):
    """What senders saw.

    Attributes:
        rate: requests per second.
        p50: milliseconds from a request to its answer.
        p99: the same.
        accepted: requests with 202, the warm-up's too.
        refused: requests with any other status.
    """

    rate: float
    p50: float
    p99: float
    accepted: int
    refused: int


def build(folder: Path) -> Path:
    """The program.

    Raises:
        ReflexarcError: there is no Go, or it does not compile.
    """
    program = folder / "load"
    command = ["go", "build", "-buildvcs=false", "-o", str(program.absolute()), "."]
    try:
        subprocess.run(command, cwd=SOURCES, check=True, env={**os.environ, "CGO_ENABLED": "0"})
    except (OSError, subprocess.CalledProcessError) as error:
        raise ReflexarcError(f"cannot build the load generator: {error}", cure="install Go 1.23 or later") from error
    return program


def send(program: Path, address: str, *, run: str, connections: int, seconds: float) -> Answered:
    """Have so many senders send for so long, after a second to get warm.

    Raises:
        ReflexarcError: a connection broke.
    """
    options = {"address": address, "run": run, "connections": connections, "seconds": seconds}
    command = [str(program), *(f"-{name}={value}" for name, value in options.items())]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=seconds + 60)
    if done.returncode:
        raise ReflexarcError(f"the load generator: {done.stderr.strip()}")
    return read(done.stdout)


def read(told: str) -> Answered:
    """What the program says."""
    found = json.loads(told)
    statuses = found["statuses"]
    accepted = statuses.get(ACCEPTED, 0)
    rate = found["requests"] / found["seconds"]
    return Answered(rate, found["p50"], found["p99"], accepted, sum(statuses.values()) - accepted)
