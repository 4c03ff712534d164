"""What an event has in some place, as a short text for an operator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson

from streams.filters.view import MISSING

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST: Final = 120


def saw(value: Any) -> str:
    """A value as JSON, cut at 120 characters; ``nothing`` where there is none."""
    if value is MISSING:
        return "nothing"
    try:
        text = orjson.dumps(value).decode()
    except TypeError:
        try:
            text = repr(value)
        except RecursionError:
            text = "something nested very deeply"
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def saw_each(values: Sequence[Any]) -> str:
    """The values of one place, each as JSON; ``nothing`` without any."""
    if not values:
        return saw(MISSING)
    return saw(values[0]) if len(values) == 1 else saw(list(values[:LONGEST]))
