"""Rates as operators write them: ``100/s``, ``120/m``."""

from __future__ import annotations

import re
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, WithJsonSchema

from schemas.config.fault import Fault

_RATE: Final = re.compile(r"([0-9]{1,9})/(s|m|h)")
_SECONDS: Final = {"s": 1, "m": 60, "h": 3600}


def parse_rate(value: Any) -> float:
    """Times per second of ``"100/s"`` or ``"120/m"``.

    Raises:
        Fault: the value is neither, or nothing.
    """
    if isinstance(value, float) and value > 0:
        return value
    found = _RATE.fullmatch(value) if isinstance(value, str) else None
    if found is None or not int(found[1]):
        raise Fault("is not a rate", "write a number and a unit: 100/s, 120/m, 1000/h")
    return int(found[1]) / _SECONDS[found[2]]


Rate = Annotated[
    float, BeforeValidator(parse_rate), WithJsonSchema({"type": "string", "pattern": f"^{_RATE.pattern}$"})
]
"""Times per second."""
