"""Files that the configuration names, other than secrets."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, ValidationInfo

from schemas.config.fault import Fault
from schemas.config.scope import Scope


def _readable(value: Any, info: ValidationInfo) -> Path:
    if not isinstance(value, str | Path) or not str(value):
        raise Fault("is not a path", "write the path of a file")
    path = Scope.of(info.context).path(str(value))
    try:
        with path.open("rb") as file:
            file.read(1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a path"
        raise Fault(f"cannot read {path}: {reason.lower()}", "name a file that this user can read") from None
    return path


ReadableFile = Annotated[Path, BeforeValidator(_readable)]
"""Path of a file that could be read at the start; relative paths start at the folder of the configuration."""
