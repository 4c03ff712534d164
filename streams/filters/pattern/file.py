"""A pattern in a JSON file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from streams.filters.compilation import At, Compilation

LARGEST: Final = 64 * 1024
"""Bytes; EventBridge itself takes 4096 characters at most."""


def read_pattern(path: Path, at: At, compilation: Compilation) -> Mapping[str, Any] | None:
    """The JSON object in a file, or None after a fault."""
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
    except OSError as error:
        compilation.fault(at, f"cannot be read: {error.strerror or 'unknown reason'}", "name a file that can be read")
        return None
    if len(raw) > LARGEST:
        compilation.fault(at, f"is larger than {LARGEST} bytes", "split the pattern over several routes")
        return None
    try:
        pattern = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        compilation.fault(at, f"is no JSON in line {error.lineno}: {error.msg}", "mend it; JSON has no comments")
        return None
    if not isinstance(pattern, dict):
        compilation.fault(
            at, "holds no JSON object", 'write a pattern such as {"detail": {"subject": ["VmPoweredOnEvent"]}}'
        )
        return None
    return pattern
