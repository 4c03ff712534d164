"""How far a replay is, on standard error: a bar on a terminal, now and then a line elsewhere."""

from __future__ import annotations

from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING, Final, Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from ops.cli.output import failure, printable

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.progress import TaskID

    from ops.replay.bookmark import Bookmark

EVERY: Final = 10.0
"""Seconds between two lines where there is no terminal."""


class Bar:
    """Looks on at a replay; a context manager.

    Args:
        console: where to.
        clock: seconds that never go back.
    """

    def __init__(self, console: Console | None = None, *, clock: Callable[[], float] = monotonic) -> None:
        self._console = console or Console(stderr=True, highlight=False, emoji=False, soft_wrap=True)
        self._clock = clock
        self._last = clock()
        self._total: int | None = None
        columns = TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn()
        self._bar = Progress(*columns, console=self._console, transient=True)
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._bar.start()
            self._task = self._bar.add_task("looking for the beginning", total=None)
        return self

    def __exit__(self, *error: object) -> None:
        if self._task is not None:
            with suppress(OSError):
                self._bar.stop()

    def say(self, line: str) -> None:
        """A line for the operator; a terminal that has gone away ends nothing."""
        with suppress(OSError):
            self._console.print(failure(printable(line)), markup=False)

    def see(self, bookmark: Bookmark) -> None:
        """Show how far it is."""
        if self._total is None:
            self._total = bookmark.left
        done, tally = self._total - bookmark.left, bookmark.tally
        told = f"{tally.read:,} read, {tally.chosen:,} chosen, {sum(tally.written.values()):,} written"
        with suppress(OSError):
            if self._task is not None:
                self._bar.update(self._task, total=self._total, completed=done, description=told)
            elif self._clock() - self._last >= EVERY:
                self._last = self._clock()
                share = 100 * done // self._total if self._total else 100
                self._console.print(f"· {share} %: {told}", markup=False)
