from __future__ import annotations

import io

from rich.console import Console

from ops.replay.progress import EVERY, Bar
from ops.replay.span import Span
from tests.ops.replay.test_bookmark import BOOKMARK


class Gone(io.StringIO):
    def write(self, text: str) -> int:
        raise OSError(text)


def test_without_a_terminal_there_is_a_line_now_and_then() -> None:
    out, times = io.StringIO(), iter([0.0, 1.0, EVERY, EVERY, EVERY + 1])
    with Bar(Console(file=out, width=200), clock=lambda: next(times)) as bar:
        bar.see(BOOKMARK)
        bar.see(BOOKMARK.model_copy(update={"spans": {0: Span(next=8, end=9)}}))
        bar.see(BOOKMARK.model_copy(update={"spans": {}}))
    assert ["· 75 %: 5 read, 4 chosen, 4 written"] == out.getvalue().splitlines()


def test_a_terminal_shows_a_bar() -> None:
    out = io.StringIO()
    with Bar(Console(file=out, width=200, force_terminal=True)) as bar:
        bar.see(BOOKMARK)
        bar.see(BOOKMARK.model_copy(update={"spans": {}}))
    assert "5 read, 4 chosen, 4 written" in out.getvalue()
    assert "100%" in out.getvalue()


def test_a_line_from_outside_moves_no_cursor() -> None:
    out = io.StringIO()
    with Bar(Console(file=out, width=200)) as bar:
        bar.say("sink: \x1b[2J[red]no\n")
    assert [r"reflexarc: sink: \x1b[2J[red]no\n"] == out.getvalue().splitlines()


def test_a_terminal_that_has_gone_away_ends_nothing() -> None:
    with Bar(Console(file=Gone(), width=200), clock=iter([0.0, EVERY, EVERY]).__next__) as bar:
        bar.see(BOOKMARK)
        bar.say("line")
