"""Durations and sizes as operators write them: ``250ms``, ``1h30m``, ``7d``; ``64KiB``, ``1MiB``, ``10MB``."""

from __future__ import annotations

import math
import re
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, WithJsonSchema

from schemas.config.fault import Fault

SECONDS: Final = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86_400}
BYTES: Final = {
    "B": 1,
    "kB": 10**3,
    "KB": 10**3,
    "MB": 10**6,
    "GB": 10**9,
    "KiB": 2**10,
    "MiB": 2**20,
    "GiB": 2**30,
}

# A century; beyond it a value is a slip of the unit, and arithmetic on clocks overflows.
LONGEST_SECONDS: Final = 36_525 * 86_400
LARGEST_BYTES: Final = 2**50

_DURATION_PART = re.compile(r"([0-9]+(?:\.[0-9]+)?)(ms|s|m|h|d)")
_DURATION = re.compile(rf"(?:{_DURATION_PART.pattern})+")
_SIZE = re.compile(rf"([0-9]+(?:\.[0-9]+)?) ?({'|'.join(BYTES)})")


def parse_duration(value: Any) -> float:
    """Seconds of ``"250ms"``, ``"1h30m"`` or a plain number of seconds.

    Raises:
        Fault: the value is none of these, negative, or more than a century.
    """
    seconds = _number(value)
    if seconds is None and isinstance(value, str) and _DURATION.fullmatch(value):
        seconds = math.fsum(float(amount) * SECONDS[unit] for amount, unit in _DURATION_PART.findall(value))
    if seconds is None or not 0 <= seconds <= LONGEST_SECONDS:
        raise Fault("is not a duration", "write a number and a unit: 250ms, 30s, 5m, 24h, 7d")
    return seconds


def parse_size(value: Any) -> int:
    """Bytes of ``"64KiB"``, ``"1MB"`` or a plain number of bytes.

    Raises:
        Fault: the value is none of these, or not a whole number of bytes.
    """
    size = _number(value)
    if size is None and isinstance(value, str) and (match := _SIZE.fullmatch(value)):
        size = float(match[1]) * BYTES[match[2]]
    if size is None or not 0 <= size <= LARGEST_BYTES or size != int(size):
        raise Fault("is not a size", "write a number and a unit: 64KiB, 1MiB, 10MB")
    return int(size)


def format_duration(seconds: float) -> str:
    """``seconds`` as an operator writes it, exact to the millisecond: ``90.5`` is ``1m30s500ms``."""
    rest = round(seconds * 1000)
    parts = []
    for unit, length in (("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)):
        amount, rest = divmod(rest, length)
        if amount:
            parts.append(f"{amount}{unit}")
    return "".join(parts) or "0s"


def format_size(size: int) -> str:
    """``size`` bytes with the largest binary unit that leaves a whole number: ``65536`` is ``64KiB``."""
    for unit in ("GiB", "MiB", "KiB"):
        if size and size % BYTES[unit] == 0:
            return f"{size // BYTES[unit]}{unit}"
    return f"{size}B"


def _number(value: Any) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return value if is_number else None


def _json_schema(pattern: re.Pattern[str]) -> WithJsonSchema:
    return WithJsonSchema(
        {"anyOf": [{"type": "number", "minimum": 0}, {"type": "string", "pattern": f"^{pattern.pattern}$"}]}
    )


Duration = Annotated[float, BeforeValidator(parse_duration), _json_schema(_DURATION)]
"""Seconds."""

Size = Annotated[int, BeforeValidator(parse_size), _json_schema(_SIZE)]
"""Bytes."""
