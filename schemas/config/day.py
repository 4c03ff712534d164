"""A day of the calendar, as operators write it."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

from schemas.config.fault import Fault


def _day(value: Any) -> date:
    if type(value) is date:  # a datetime is one, too, and is none here
        return value
    with suppress(TypeError, ValueError):
        return date.fromisoformat(value)
    raise Fault("is not a date", "write year, month and day: 2026-01-31")


Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
"""A date without a time."""
