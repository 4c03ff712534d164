"""Markdown tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of texts; a bar in a cell stays a bar."""
    return "\n".join(map(_line, [columns, ["---"] * len(columns), *rows]))


def code(text: object) -> str:
    """Text as it is typed."""
    return f"`{text}`"


def _line(cells: Sequence[str]) -> str:
    escaped = [cell.replace("|", "\\|") for cell in cells]
    return f"| {' | '.join(escaped)} |"
