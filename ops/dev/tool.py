"""Programs that are run to their end: Maven, Go, apt-get, Kafka's formatter."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from ops.dev.service import Unobtainable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_TIME_LIMIT = 900.0
_ERROR = re.compile(r"\b(error|exception|fatal)\b|^E: ", re.IGNORECASE)
_VERDICT_LENGTH = 300


def require(*names: str) -> None:
    """Check that every program is in PATH.

    Raises:
        Unobtainable: one is not; names all that are missing.
    """
    missing = [name for name in names if shutil.which(name) is None]
    if missing:
        raise Unobtainable(f"no {' and no '.join(missing)} on this machine")


def run(
    argv: Sequence[str],
    *,
    cwd: Path | None = None,
    environ: Mapping[str, str] | None = None,
    limit: float = _TIME_LIMIT,
) -> None:
    """Run a program to its end, within ``limit`` seconds.

    Raises:
        Unobtainable: it failed or took too long; carries its :func:`verdict`.
    """
    what = Path(argv[0]).name
    try:
        subprocess.run(
            argv,
            cwd=cwd,
            env=environ,
            timeout=limit,
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
    except subprocess.TimeoutExpired as error:
        raise Unobtainable(f"{what} did not end within {limit:.0f} s") from error
    except subprocess.CalledProcessError as error:
        raise Unobtainable(f"{what} failed: {verdict(error.stdout) or error.returncode}") from error


def verdict(output: str) -> str:
    """The one line of a failed program's output that tells why: its first error, else its last line."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = (line for line in lines if _ERROR.search(line))
    return next(errors, lines[-1] if lines else "")[:_VERDICT_LENGTH]
