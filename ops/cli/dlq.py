"""``reflexarc dlq``: the desk of dead letters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.console import Group

from ops.cli import letters as shown
from ops.cli.context import load_config
from ops.cli.output import console, emit, listing, progress
from ops.cli.selection import Asked, OptionalSink, Sink  # noqa: TC001 - typer reads annotations
from ops.cli.settle import drop, redrive
from ops.cli.spread import spread
from schemas.errors import ReflexarcError

if TYPE_CHECKING:
    from ops.deadletters.letter import State
    from schemas.config import Config

app = typer.Typer(help="Dead letters: list them, look at them, send them again, drop them.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]

MOST_LISTED = 10_000

ANY: tuple[State, ...] = ("open", "redriven", "dropped", "otherwise")


@app.command("list")
@spread
def list_(
    ctx: typer.Context,
    *,
    sink: OptionalSink = None,
    state: Annotated[
        Literal["open", "redriven", "dropped", "otherwise", "all"], typer.Option(help="Which letters.")
    ] = "open",
    asked: Asked,
    limit: Annotated[int, typer.Option(min=1, max=MOST_LISTED, help="Print so many, the oldest first.")] = 100,
    json: Json = False,
) -> None:
    """Show dead letters, the oldest first; without --sink how many there are of each sink.

    Reads the whole topic. A letter is open until it is re-driven or dropped, or otherwise settled by a newer release.
    """
    from ops.deadletters.box import check
    from ops.deadletters.desk import Desk
    from ops.deadletters.oldest import oldest

    config = load_config(ctx)
    if sink is None:
        _overview(config, json=json)
        return
    states = ANY if state == "all" else (state,)
    with asked.selection(config, states) as wanted:
        check(config, sink, sendable=False)
        with progress(f"reading the dead letters of {sink}"), Desk(config.kafka, sink) as desk:
            matching, found = oldest(filter(wanted.takes, desk.letters()), limit, shown.Line.of)
            counts = desk.counts
    more = matching - len(found)
    emit(
        {
            "sink": sink,
            "counts": shown.counted(counts),
            "matching": matching,
            "letters": [shown.data(line) for line in found],
        },
        json=json,
        table=lambda: Group(
            shown.table(f"Dead letters of {sink}", found),
            *([f"and {more} more"] if more else []),
            f"{counts}; {matching} match",
        ),
    )


@app.command()
def show(
    ctx: typer.Context,
    sink: Sink,
    letter: Annotated[str, typer.Argument(help="partition/offset, as list shows it, or the id of the event.")],
    json: Json = False,
) -> None:
    """Show a dead letter whole: why it is here, its headers, its value; several that have the same id."""
    from ops.deadletters.box import check
    from ops.deadletters.desk import Desk
    from ops.deadletters.selection import Selection

    config = load_config(ctx)
    check(config, sink, sendable=False)
    wanted = Selection(states=ANY, names=frozenset({letter}))
    with progress(f"reading the dead letters of {sink}"), Desk(config.kafka, sink) as desk:
        found = [each for each in desk.letters() if wanted.takes(each)]
    if not found:
        raise ReflexarcError(f"no dead letter of {sink} is called {letter}", cure="see `reflexarc dlq list`")
    if json:
        emit([shown.whole(each) for each in found], json=True, table=Group)
        return
    for each in found:
        for line in shown.lines(each):
            console.print(line, markup=False)


app.command()(redrive)
app.command()(drop)


def _overview(config: Config, *, json: bool) -> None:
    from ops.deadletters.box import known, stored
    from ops.deadletters.desk import Desk

    rows = []
    for name in stored(config):
        with progress(f"reading the dead letters of {name}"), Desk(config.kafka, name) as desk:
            rows.append((name, desk.counts, name in known(config)))
    emit(
        [{"sink": name, "configured": configured, **shown.counted(counts)} for name, counts, configured in rows],
        json=json,
        table=lambda: listing(
            f"Dead letters of {config.kafka.prefix}",
            ("sink", "stored", "open", "re-driven", "dropped", "otherwise", "note"),
            (
                (name, counts.stored, *counts, "-" if configured else "not in the configuration")
                for name, counts, configured in rows
            ),
        ),
    )
