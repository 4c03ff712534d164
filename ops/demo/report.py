"""How the demo ends: stories, a table per sink, what to look at next, and one plain last line."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from rich.markup import escape
from rich.table import Table

from ops.demo.tally import total

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from rich.console import Console

    from ops.demo.cast import Cast
    from ops.demo.story import Story

NO_GUARANTEE = "No guarantee is shown here: that takes a real Kafka, and its stand-in keeps nothing."


def verdict(cast: Cast, stories: Sequence[Story], *, strict: bool) -> list[str]:
    """What did not come true, one line each; with ``strict`` every missing part counts."""
    failures = [f"story {story.letter}: {failure}" for story in stories for failure in story.failures]
    if strict:
        failures += [f"story {story.letter}: needs {story.needs}" for story in stories if story.needs]
        failures += [] if cast.kafka.real else ["no real Kafka"]
    return failures


def last_line(stories: Sequence[Story]) -> str:
    """``sent N delivered N lost N duplicates N`` over all sinks."""
    row = total(tally for story in stories for tally in story.tallies)
    return f"sent {row.sent} delivered {row.delivered} lost {row.lost} duplicates {row.duplicates}"


def as_json(cast: Cast, stories: Sequence[Story], folder: Path, failures: Sequence[str]) -> dict[str, Any]:
    """The whole outcome as plain JSON values."""
    row = total(tally for story in stories for tally in story.tallies)
    return {
        "kafka": "real" if cast.kafka.real else "stand-in",
        "stories": [
            {
                "story": story.letter,
                "title": story.title,
                "outcome": outcome(story),
                "needs": story.needs,
                "failures": list(story.failures),
                "remarks": list(story.remarks),
                "sinks": [asdict(row) for row in story.tallies],
            }
            for story in stories
        ],
        "total": {name: getattr(row, name) for name in ("sent", "delivered", "lost", "duplicates")},
        "files": str(folder),
        "failures": list(failures),
    }


def outcome(story: Story) -> str:
    """``true``, ``failed`` or ``not run``."""
    if story.failures:
        return "failed"
    return "true" if story.tallies else "not run"


def render(console: Console, cast: Cast, stories: Sequence[Story], folder: Path, failures: Sequence[str]) -> None:
    """Print everything for a person; the caller prints the last line."""
    console.print()
    for story in stories:
        for line in _story(story):
            console.print(line)
    if any(story.tallies for story in stories):
        console.print()
        console.print(_table(stories))
    console.print()
    if not cast.kafka.real:
        console.print(f"[yellow]{NO_GUARANTEE}[/]")
    console.print("Look next at:")
    console.print(f"  {escape(str(folder))}/: the configuration, every log, and what each receiver wrote")
    console.print("  reflexarc dev up: the same parts, to try your own configuration on")
    console.print("  docs/design.md: how an event travels, and which promises hold")
    console.print()
    for failure in failures:
        console.print(f"[bold red]not true:[/] {escape(failure)}")


_STYLES = {"true": "bold green", "failed": "bold red", "not run": "yellow"}


def _story(story: Story) -> Iterator[str]:
    said = outcome(story)
    needs = f": needs {story.needs}" if said == "not run" and story.needs else ""
    yield f"({story.letter}) [{_STYLES[said]}]{said}[/]{escape(needs)}"
    yield f"    {escape(story.title)}"
    if story.needs and not needs:
        yield f"    [yellow]in part only:[/] the rest needs {escape(story.needs)}"
    for line in (*story.failures, *story.remarks):
        yield f"    {escape(line)}"


def _table(stories: Sequence[Story]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("sink (story)")
    for name in ("sent", "delivered", "lost", "duplicates", "p50 ms", "p99 ms"):
        table.add_column(name, justify="right")
    for story in stories:
        for row in story.tallies:
            lost = f"[bold red]{row.lost}[/]" if row.lost else "0"
            counts = (str(row.sent), str(row.delivered), lost, str(row.duplicates))
            table.add_row(row.sink, *counts, _milliseconds(row.p50), _milliseconds(row.p99))
    return table


def _milliseconds(value: float | None) -> str:
    return "-" if value is None else f"{value:.0f}"
