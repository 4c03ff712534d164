"""The receiving side of the bench: a small server in Go, so that it is not what is measured.

``python -m bench.delivery.receiver FOLDER SECONDS`` builds it, prints its URL and serves until it is ended; each
request takes so many seconds, and leaves an ``Arrival`` in the folder.
"""

from __future__ import annotations

import os
import struct
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

SOURCES = Path(__file__).parent / "go"
ARRIVAL = struct.Struct("<qII")


class Arrival(NamedTuple):
    """A request: nanoseconds of the epoch, number of the key, number of the event."""

    at: int
    key: int
    event: int


def journal(folder: Path) -> Path:
    """The receiver's file."""
    return folder / "arrivals"


def count(folder: Path) -> int:
    """How many requests came so far; some hundredths of a second late."""
    return journal(folder).stat().st_size // ARRIVAL.size


def arrivals(folder: Path) -> list[Arrival]:
    """All of them, in their order."""
    return [Arrival(*each) for each in ARRIVAL.iter_unpack(journal(folder).read_bytes())]


def out_of_order(arrived: Sequence[Arrival]) -> int:
    """Arrivals, repetitions aside, of an event that is older than one of its key that came before."""
    newest: dict[int, int] = {}
    seen: set[int] = set()
    wrong = 0
    for _, key, event in arrived:
        if event not in seen:
            seen.add(event)
            wrong += event < newest.get(key, -1)
            newest[key] = max(event, newest.get(key, -1))
    return wrong


def main() -> None:
    """Build the program and become it."""
    folder, seconds = Path(sys.argv[1]).absolute(), float(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    program = folder / "receiver"
    environ = {**os.environ, "CGO_ENABLED": "0"}
    subprocess.run(["go", "build", "-buildvcs=false", "-o", program, "."], cwd=SOURCES, check=True, env=environ)
    os.execv(program, [str(program), "-out", str(journal(folder)), "-delay", f"{seconds * 1000:g}ms"])  # noqa: S606


if __name__ == "__main__":
    main()
