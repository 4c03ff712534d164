"""How the demo ends: stories, a table per sink, what to look at next, and one plain last line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.table import Table

from ops.demo.tally import total

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rich.console import Console

    from ops.demo.cast import Cast
    from ops.demo.story import Story
    from ops.demo.tally import Tally


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
    fields = ("sink", "sent", "delivered", "lost", "duplicates", "p50", "p99")
    return {
        "kafka": "real" if cast.kafka.real else "stand-in",
        "stories": [
            {
                "story": story.letter,
                "title": story.title,
                "needs": story.needs,
                "failures": list(story.failures),
                "remarks": list(story.remarks),
                "sinks": [{name: getattr(row, name) for name in fields} for row in story.tallies],
            }
            for story in stories
        ],
        "files": str(folder),
        "failures": list(failures),
    }


def render(console: Console, cast: Cast, stories: Sequence[Story], folder: Path, failures: Sequence[str]) -> None:
    """Print everything for a person; the caller prints the last line."""
    console.print()
    for story in stories:
        _story(console, story)
    rows = [row for story in stories for row in story.tallies]
    if rows:
        console.print(_table(rows))
    if not cast.kafka.real:
        console.print("Without real Kafka no guarantee is shown: its stand-in keeps everything in memory.")
    console.print("Look next at:")
    console.print(f"  {folder}: configuration, logs, and what every receiver wrote")
    console.print("  reflexarc dev up, then the README's first steps with your own configuration")
    console.print("  docs/design.md: how an event travels, and which promises hold")
    for failure in failures:
        console.print(f"[bold red]not true:[/] {failure}")


def _story(console: Console, story: Story) -> None:
    if not story.tallies and story.needs:
        console.print(f"({story.letter}) not run: needs {story.needs} — {story.title}")
        return
    mark = "[red]failed[/]" if story.failures else "[green]true[/]"
    console.print(f"({story.letter}) {mark}: {story.title}")
    if story.needs:
        console.print(f"    partly not run: needs {story.needs}")
    for remark in story.remarks:
        console.print(f"    {remark}")


def _table(rows: Sequence[Tally]) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("sink (story)")
    for name in ("sent", "delivered", "lost", "duplicates", "p50 ms", "p99 ms"):
        table.add_column(name, justify="right")
    for row in rows:
        counts = (row.sent, row.delivered, row.lost, row.duplicates)
        table.add_row(row.sink, *map(str, counts), _milliseconds(row.p50), _milliseconds(row.p99))
    return table


def _milliseconds(value: float | None) -> str:
    return "-" if value is None else f"{value:.0f}"
