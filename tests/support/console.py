"""Command lines run to their end, with everything they said kept in files."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

WITHIN = 60.0


@dataclass(frozen=True, slots=True)
class Said:
    """What came of one command line; ``code`` is None when it had not ended by itself after a minute."""

    code: int | None
    out: str
    err: str


class Console:
    """Runs ``reflexarc`` and writes standard output and standard error to files of ``folder``; from any thread."""

    def __init__(self, folder: Path, environ: Mapping[str, str]) -> None:
        folder.mkdir()
        self._folder = folder
        self._environ = {**os.environ, **environ}
        self._number = count()

    def run(self, config: Path, *argv: str) -> Said:
        """Run ``reflexarc --config CONFIG ARGV``."""
        name = f"{next(self._number):02} {config.parent.name} {' '.join(argv).replace('/', '_')}"
        out, err = self._folder / f"{name}.out", self._folder / f"{name}.err"
        with out.open("wb") as stdout, err.open("wb") as stderr:
            process = subprocess.Popen(
                [sys.executable, "-m", "ops", "--config", str(config), *argv],
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                stderr=stderr,
                env=self._environ,
            )
            code = _ended(process)
        return Said(code, out.read_text(), err.read_text())


def _ended(process: subprocess.Popen[bytes]) -> int | None:
    try:
        return process.wait(WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return None
