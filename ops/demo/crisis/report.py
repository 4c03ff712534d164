"""How the crisis ends: stories, a row for everything that was asked for, and one plain last line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.markup import escape
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rich.console import Console

    from ops.demo.crisis.tale import Tale

_STYLES = {"true": "bold green", "failed": "bold red", "not run": "yellow"}


def outcome(tale: Tale) -> str:
    """``true``, ``failed`` or ``not run``."""
    if tale.failures:
        return "failed"
    return "true" if tale.rows else "not run"


def as_json(tales: Sequence[Tale], folder: Path, failures: Sequence[str]) -> dict[str, Any]:
    """The whole outcome as plain JSON values."""
    return {
        "stories": [
            {
                "story": tale.letter,
                "title": tale.title,
                "outcome": outcome(tale),
                "needs": tale.needs,
                "failures": list(tale.failures),
                "actions": [
                    {
                        "what": row.what,
                        "decided": row.decided,
                        "outcome": row.outcome,
                        "effect": row.effect,
                        "ms": row.ms,
                    }
                    for row in tale.rows
                ],
            }
            for tale in tales
        ],
        "files": str(folder),
        "failures": list(failures),
    }


def render(console: Console, tales: Sequence[Tale], folder: Path, failures: Sequence[str]) -> None:
    """Print everything for a person; the caller prints the last line."""
    console.print()
    for tale in tales:
        said = outcome(tale)
        needs = f": needs {tale.needs}" if said == "not run" else ""
        console.print(f"({tale.letter}) [{_STYLES[said]}]{said}[/]{escape(needs)}")
        console.print(f"    {escape(tale.title)}")
        for row in tale.rows:
            console.print(f"    {escape(str(row))}")
        if tale.needs and not needs:
            console.print(f"    [yellow]in part only:[/] the rest needs {escape(tale.needs)}")
    if any(tale.rows for tale in tales):
        console.print()
        console.print(_table(tales))
    console.print()
    console.print("Look next at:")
    console.print(f"  {escape(str(folder))}/: the configuration and every log")
    console.print("  docs/examples/: configurations for these stories, to begin your own with")
    console.print("  docs/remediation.md: which limits there are, and what happens when")
    console.print()
    for failure in failures:
        console.print(f"[bold red]not true:[/] {escape(failure)}")


def last_line(tales: Sequence[Tale]) -> str:
    """``stories N true N failed N not run N``."""
    said = [outcome(tale) for tale in tales]
    return f"stories {len(said)} " + " ".join(f"{each} {said.count(each)}" for each in _STYLES)


def _table(tales: Sequence[Tale]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("story", "what", "decided", "outcome", "effect, says the vCenter"):
        table.add_column(name, overflow="fold")
    table.add_column("ms", justify="right")
    for tale in tales:
        for row in tale.rows:
            ms = "-" if row.ms is None else f"{row.ms:.0f}"
            table.add_row(*map(escape, (f"({tale.letter})", row.what, row.decided, row.outcome, row.effect)), ms)
    return table
