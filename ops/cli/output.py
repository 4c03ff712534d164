"""What commands print: listings as tables or JSON on stdout, one line per failure on stderr."""

from __future__ import annotations

import os
import sys
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final, NoReturn

import orjson
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from schemas.config import Redactor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from rich.console import RenderableType

# Pipes and files have no width; a listing there keeps one row per line.
_UNBOUNDED: Final = 1000

console = Console(
    width=None if sys.stdout.isatty() or "COLUMNS" in os.environ else _UNBOUNDED, highlight=False, emoji=False
)


def emit(data: Any, *, json: bool, table: Callable[[], RenderableType]) -> None:
    """Print ``data`` as indented JSON, or what ``table`` makes of it.

    Values JSON does not know are printed as their text; secrets are asterisks in both forms.
    """
    if json:
        sys.stdout.write(orjson.dumps(data, default=str, option=orjson.OPT_INDENT_2).decode() + "\n")
    else:
        console.print(table())


def listing(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Table:
    """A table of plain texts: nothing in a cell is read as markup."""
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False, show_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text(str(cell)) for cell in row))
    return table


def printable(text: str) -> str:
    """A text from outside as one line that moves no cursor: what is not printable is written as its escape."""
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)


@contextmanager
def progress(what: str, *, timed: bool = False) -> Iterator[Callable[[str], None]]:
    """What takes one line of progress after the other, for stderr; a terminal shows a spinner below them.

    A terminal that has gone away ends nothing. ``timed`` puts the seconds since the beginning in front of each line.
    """
    lines, began = Console(stderr=True, highlight=False, emoji=False, soft_wrap=True), time.monotonic()

    def report(line: str) -> None:
        mark = f"{time.monotonic() - began:6.1f} s " if timed else "·"
        with suppress(OSError):
            lines.print(Text.assemble((mark, "dim"), " ", Redactor().redact(line)))

    with lines.status(what):
        yield report


def failure(message: str, cure: str | None = None) -> str:
    """The one line an operator reads: ``reflexarc: <message> — <cure>``, without any known secret."""
    text = " ".join(f"{message} — {cure}".split() if cure else message.split())
    return f"reflexarc: {Redactor().redact(text)}"


def fail(message: str, *, cure: str | None = None, code: int = 1) -> NoReturn:
    """Print one line on stderr and end the command with ``code``.

    For failures that have no class in ``schemas.errors``; raise one of those where it fits, ``main`` prints it.
    """
    sys.stderr.write(failure(message, cure) + "\n")
    raise typer.Exit(code)
