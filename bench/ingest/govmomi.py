"""govmomi, the library of the VMware event router, as a process that decodes pages when it is told to."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import IO, TYPE_CHECKING

from ops.dev import cache, tool

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from ops.dev.service import Report

ROUTERS = "go.mod"
"""What every release of the VMware event router sends is made by this version: 0.30.2."""

CURRENT = "current.mod"
"""The one that the simulators are built with: 0.52.0."""

_SOURCES = Path(__file__).parent / "govmomi"
_PROGRAM = "govmomi"


def build(folder: Path, modules: str, report: Report) -> Path:
    """The program with the version that a module file names; built once, below ``folder``.

    Raises:
        Unobtainable: there is no Go here, or it cannot build it.
    """
    sources = [_SOURCES / name for name in ("main.go", modules, Path(modules).stem + ".sum")]
    target = cache.target(folder.resolve(), f"govmomi-{Path(modules).stem}", sources)
    if not target.exists():
        tool.require("go")
        report(f"building govmomi of {modules} with Go, once")

    def make(place: Path) -> None:
        arguments = ["-mod=readonly", "-trimpath", "-buildvcs=false", f"-modfile={modules}"]
        tool.run(
            ["go", "build", *arguments, f"-o={place / _PROGRAM}", "."],
            cwd=_SOURCES,
            environ={**os.environ, "CGO_ENABLED": "0"},
        )

    cache.ensure(target, make, report)
    return target / _PROGRAM


class Govmomi:
    """The running program, on one core; a context manager."""

    def __init__(self, program: Path, *, prints: bool = False) -> None:
        self._argv: list[str | Path] = [program, "-print"] if prints else [program]

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            self._argv,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "GOMAXPROCS": "1"},
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._input.close()
        self._output.close()
        self._process.wait()

    def seconds(self, page: Path) -> float:
        """CPU seconds that decoding a page and marshalling its events take."""
        self._tell(page)
        _, nanoseconds = self._output.readline().split()
        return int(nanoseconds) / 1e9

    def bodies(self, page: Path) -> list[bytes]:
        """The JSON of each event of a page; of a program that prints."""
        self._tell(page)
        found = []
        while line := self._output.readline().rstrip(b"\n"):
            found.append(line)
        return found

    def _tell(self, page: Path) -> None:
        self._input.write(os.fsencode(page) + b"\n")
        self._input.flush()

    @property
    def _input(self) -> IO[bytes]:
        assert self._process.stdin is not None
        return self._process.stdin

    @property
    def _output(self) -> IO[bytes]:
        assert self._process.stdout is not None
        return self._process.stdout
