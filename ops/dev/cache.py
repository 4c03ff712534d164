"""Downloads and builds, made once for each version of what they are made from."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from ops.dev.state import exclusive

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ops.dev.service import Report


def target(cache: Path, name: str, sources: Iterable[Path]) -> Path:
    """The folder of what is made from ``sources``: another content, another folder."""
    key = hashlib.sha256()
    for source in sources:
        key.update(source.name.encode() + b"\0" + source.read_bytes() + b"\0")
    return cache / f"{name}-{key.hexdigest()[:16]}"


def ensure(folder: Path, make: Callable[[Path], None], report: Report) -> None:
    """Have ``make`` fill ``folder``, unless it exists.

    Only what ``make`` has finished is ever seen there. Two processes that need the same folder make it once.
    """
    if folder.is_dir():
        return
    parent, name = folder.parent, folder.name
    with exclusive(parent / f".{name}", report, waiting=f"{name} is being made by another process, waiting"):
        if folder.is_dir():
            return
        with tempfile.TemporaryDirectory(prefix=f".{name}-", dir=parent) as work:
            result = Path(work) / "result"
            result.mkdir()
            make(result)
            result.rename(folder)
