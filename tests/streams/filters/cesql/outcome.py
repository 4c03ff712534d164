"""What an evaluation yields, short enough to compare."""

from __future__ import annotations

from streams.filters import cesql


def outcome(expression: str, **attributes: str | int | bool) -> tuple[str | int | bool, str | None]:
    """The value, and the kind of the error if there is one."""
    value, errors = cesql.evaluate(expression, attributes)
    return value, errors[0].kind if errors else None
