"""Somebody else's receiver and sender: processes on the CloudEvents SDK for Go, and what becomes of events there."""

from __future__ import annotations

import os
import subprocess
from base64 import b64decode, b64encode
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import orjson

from ops.dev import cache, tool

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

    from schemas.cloudevents import CloudEvent

CACHE = Path(__file__).parents[2] / ".reflexarc" / "cache"
SOURCES = Path(__file__).parent / "cloudevents"
PROGRAMS = {"receiver": ".", "sender": "./sender"}
"""Which package of the module is which program."""

WITHIN = 30.0
"""Seconds for the next line, which is written before an event is answered."""


class Seen(NamedTuple):
    """An event as a function sees it.

    Attributes:
        invalid: what the SDK has against it; empty when it is valid.
        attributes: by name, as the SDK writes them in JSON.
        data: the bytes; empty when there are none.
    """

    invalid: str
    attributes: dict[str, Any]
    data: bytes


class GoReceiver:
    """The running process; use it in ``with``."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen([_built() / "receiver"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self._lines: SimpleQueue[bytes] = SimpleQueue()
        Thread(target=self._read, daemon=True).start()  # a full pipe would hold it up before it answers
        self.url = f"http://{self._line().decode()}"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()

    def next(self) -> Seen:
        """The next event that it has taken; it answers only after printing one."""
        said = orjson.loads(self._line())
        return Seen(said["invalid"], said["event"], b64decode(said["data"] or ""))

    def _line(self) -> bytes:
        line = self._lines.get(timeout=WITHIN)
        assert line, f"the receiver has ended with {self._process.wait()}"
        return line

    def _read(self) -> None:
        """Every line, and an empty one for the end."""
        assert self._process.stdout is not None
        with self._process.stdout as output:
            for line in output:
                self._lines.put(line.strip())
        self._lines.put(b"")


def send(url: str, mode: str, events: Sequence[CloudEvent], *, documents: bool = False) -> list[int]:
    """Have the SDK post events.

    Args:
        url: where to.
        mode: ``binary``, ``structured``, or ``batch`` for all in one request.
        events: every attribute a string.
        documents: whether the data are given to the SDK as JSON; otherwise as bytes, of which it knows nothing.

    Returns:
        The status of each answer.

    Raises:
        CalledProcessError: the SDK takes one of the events for invalid, or nobody answers.
    """
    lines = [
        orjson.dumps(
            {
                "event": event.attributes(),
                "data": None if event.data is None else b64encode(event.data).decode(),
                "document": documents,
            }
        )
        for event in events
    ]
    argv = [_built() / "sender", f"-to={url}", f"-mode={mode}"]
    said = subprocess.run(argv, input=b"\n".join(lines), stdout=subprocess.PIPE, check=True, timeout=WITHIN)
    return [int(line) for line in said.stdout.split()]


def _built() -> Path:
    """The folder of the programs, built once for each version of their sources."""
    tool.require("go")
    CACHE.mkdir(parents=True, exist_ok=True)
    sources = [SOURCES / name for name in ("go.mod", "go.sum", "main.go", "sender/main.go")]
    folder = cache.target(CACHE, "cloudevents", sources)
    cache.ensure(folder, _build, lambda _: None)
    return folder


def _build(folder: Path) -> None:
    for program, package in PROGRAMS.items():
        tool.run(
            ["go", "build", "-mod=readonly", "-trimpath", "-buildvcs=false", f"-o={folder / program}", package],
            cwd=SOURCES,
            environ={**os.environ, "CGO_ENABLED": "0"},
        )
