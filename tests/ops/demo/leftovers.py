"""Processes that a run has left behind, known by the folder that stands on their command line."""

from __future__ import annotations

import os
from pathlib import Path


def leftovers(folder: Path) -> list[str]:
    """Command lines of running processes, other than ours, that name the folder."""
    others = (file for file in Path("/proc").glob("[0-9]*/cmdline") if file.parent.name != str(os.getpid()))
    lines = (command_line(file) for file in others)
    return [line for line in lines if str(folder) in line]


def command_line(file: Path) -> str:
    try:
        return file.read_bytes().replace(b"\0", b" ").decode()
    except (FileNotFoundError, ProcessLookupError):
        return ""
