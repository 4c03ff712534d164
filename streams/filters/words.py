"""What an event has in some place, as a short text for an operator."""

from __future__ import annotations

from typing import Any, Final

import orjson

from streams.filters.view import MISSING

LONGEST: Final = 120


def saw(value: Any) -> str:
    """A value as JSON, cut at 120 characters; ``nothing`` where there is none."""
    if value is MISSING:
        return "nothing"
    try:
        text = orjson.dumps(value).decode()
    except TypeError:
        text = repr(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
