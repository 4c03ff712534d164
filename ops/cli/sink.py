"""``reflexarc sink``: what waits for the sinks, and which of them rest."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ops.cli import completion
from ops.cli.actor import Actor, Reason, word
from ops.cli.context import load_config
from ops.cli.output import emit, listing, printable
from schemas.config.names import suggestion
from schemas.epoch import written
from schemas.errors import ReflexarcError

if TYPE_CHECKING:
    from collections.abc import Collection

    from schemas.config import Config
    from schemas.control import Pause

app = typer.Typer(help="Sinks: what waits for them; pause them, resume them.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="Name of the sink.", autocompletion=completion.sinks)]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("list")
def list_(ctx: typer.Context, json: Json = False) -> None:
    """Show every sink: how many events wait for it, how many dead letters are open, whether it is paused.

    Reads the dead letters whole.
    """
    from ops.backlog import backlogs
    from ops.deadletters.desk import Desk
    from ops.pauses import paused

    config = load_config(ctx)
    pauses, waits, rows = paused(config.kafka), backlogs(config), []
    for name, sink in config.sinks.items():
        with Desk(config.kafka, name) as desk:
            rows.append((name, sink.type, waits[name], desk.counts.open, pauses.get(name)))
    emit(
        [
            {"sink": name, "type": kind, "waiting": waiting, "dead_letters": dead, "paused": _told(pause)}
            for name, kind, waiting, dead, pause in rows
        ],
        json=json,
        table=lambda: listing(
            "Sinks",
            ("name", "type", "waiting", "dead letters", "paused"),
            (
                (name, kind, "-" if waiting is None else waiting, dead, _said(pause))
                for name, kind, waiting, dead, pause in rows
            ),
        ),
    )


@app.command()
def pause(ctx: typer.Context, sink: Name, actor: Actor = None, reason: Reason = "") -> None:
    """Have every worker leave a sink alone until it is resumed: its events wait in its topic.

    They wait as long as events are kept (kafka.retention). What is under way is finished. Restarts change nothing.
    """
    from ops.pauses import paused

    config = load_config(ctx)
    _check(sink, config.sinks)
    if known := paused(config.kafka).get(sink):
        typer.echo(f"{sink} is paused already: {_said(known)}")
        return
    _switch(config, sink, off=True, actor=actor, reason=reason)
    typer.echo(f"{sink} is paused; `reflexarc sink resume {sink}` ends that")


@app.command()
def resume(ctx: typer.Context, sink: Name, actor: Actor = None, reason: Reason = "") -> None:
    """Have a paused sink served again, from where it was left."""
    from ops.pauses import paused

    config = load_config(ctx)
    pauses = paused(config.kafka)
    _check(sink, {*config.sinks, *pauses})
    if sink not in pauses:
        typer.echo(f"{sink} is not paused")
        return
    _switch(config, sink, off=False, actor=actor, reason=reason)
    typer.echo(f"{sink} is served again")


def _check(sink: str, known: Collection[str]) -> None:
    if sink not in known:
        raise ReflexarcError(f"no sink is called {sink}", cure=suggestion(sink, known, none="there are no sinks"))


def _switch(config: Config, sink: str, *, off: bool, actor: str | None, reason: str) -> None:
    from ops.pauses import switch

    said, now = word(actor, reason), datetime.now(UTC)
    asyncio.run(switch(config.kafka, sink, off=off, actor=said.actor, reason=said.reason, now=now))


def _told(pause: Pause | None) -> dict[str, Any] | None:
    return None if pause is None else pause.model_dump(mode="json", exclude={"paused"})


def _said(pause: Pause | None) -> str:
    if pause is None:
        return "-"
    by = f"by {pause.actor} " if pause.actor else ""
    since = written(pause.since, "seconds")
    return printable(f"{by}since {since}{f': {pause.reason}' if pause.reason else ''}")
