"""``reflexarc remediation pause``, ``resume`` and ``status``: the kill switch of all actions."""

from __future__ import annotations

import shlex
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Group

from ops.cli.actor import Actor, Reason, word
from ops.cli.context import load_config
from ops.cli.output import emit, fail, listing, printable
from schemas.config.units import format_duration, parse_duration
from schemas.epoch import written
from schemas.errors import Unreachable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from rich.console import RenderableType

    from ops.remediation.panel import Panel
    from ops.remediation.switch import Turned
    from schemas.config import Config
    from schemas.control import Pause
    from schemas.heartbeat import Heartbeat, Worker

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def _duration(text: str) -> float:
    try:
        return parse_duration(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


Within = Annotated[
    float, typer.Option(parser=_duration, metavar="DURATION", help="How long to wait for the workers: 5s, 1m.")
]


Gone = Annotated[
    list[str] | None,
    typer.Option(
        metavar="ROLE/INSTANCE",
        help="A silent worker that you know to have ended: nobody asks for it again. Repeatable.",
    ),
]


def pause(
    ctx: typer.Context, actor: Actor = None, reason: Reason = "", within: Within = 5.0, gone: Gone = None
) -> None:
    """Stop all actions, and wait until every worker has seen it.

    Nothing more is decided or begun until `resume`, also after restarts; what a vCenter was asked for already goes on.
    Exit code 0 says that every worker of the roles decide and execute goes by it, or has left. Else those that have not
    said so, and those that have gone silent without leaving, are named, with exit code 3: the switch stays on.
    """
    from ops.events.broker import await_broker
    from ops.remediation.switch import pause as turn_off

    config = load_config(ctx)
    said = word(actor, reason)
    try:
        await_broker(config.kafka)
        done = turn_off(config.kafka, actor=said.actor, reason=said.reason, within=within, gone=gone or ())
    except Unreachable as error:
        raise Unreachable(error.message, cure=_without_kafka(config)) from error
    first = "" if done.anew else " already"
    typer.echo(f"remediation is paused{first}: {_said(done.pause)}; `reflexarc remediation resume` ends that")
    _tell_who(done)
    if done.missing:
        names = ", ".join(map(str, done.missing))
        raise Unreachable(
            f"not confirmed within {format_duration(within)} by {printable(names)}, which may still act; "
            "the switch stays on",
            cure="stop these workers, or mend their way to Kafka and run this again",
        )
    if done.silent:
        silent = [str(worker) for worker, _ in done.silent]
        raise Unreachable(
            f"not confirmed by {printable(', '.join(silent))}, silent without having left; the switch stays on",
            cure="stop them where they run; then run this again with "
            + printable(" ".join(f"--gone {shlex.quote(name)}" for name in silent)),
        )
    _tell_untold(done)


def resume(ctx: typer.Context, actor: Actor = None, reason: Reason = "") -> None:
    """Let actions go on. What was refused meanwhile stays refused."""
    from ops.remediation.switch import resume as turn_on

    config = load_config(ctx)
    said = word(actor, reason)
    done = turn_on(config.kafka, actor=said.actor, reason=said.reason)
    typer.echo("remediation goes on" if done.anew else "remediation is not paused")
    _tell_untold(done)


def status(ctx: typer.Context, json: Json = False) -> None:
    """Show whether actions are stopped, which workers live, what waits for an answer, and what is only planned."""
    from ops.remediation.panel import Panel
    from ops.remediation.parked import Parked
    from schemas import topics

    config, now = load_config(ctx), datetime.now(UTC)
    with Panel(config.kafka) as panel:
        parked = len(Parked(config.kafka).waiting(now)) if topics.remedied(config) else None
        emit(
            _data(config, panel, parked, now),
            json=json,
            table=lambda: Group(*_lines(config, panel, parked, now)),
        )


def _data(config: Config, panel: Panel, parked: int | None, now: datetime) -> dict[str, Any]:
    return {
        "paused": None if panel.pause is None else panel.pause.model_dump(mode="json", exclude={"paused"}),
        "workers": [
            {"role": worker.role, "instance": worker.instance, "live": True, "confirmed": seen}
            for worker, seen in panel.live(now).items()
        ]
        + [
            {"role": worker.role, "instance": worker.instance, "live": False, "last": written(beat.at, "seconds")}
            for worker, beat in panel.silent(now).items()
        ],
        "parked": parked,
        "dry_run": config.remediation.dry_run,
        "sinks": dict(_dry_runs(config)),
        "stop_file": config.remediation.stop_file,
    }


def _lines(config: Config, panel: Panel, parked: int | None, now: datetime) -> Iterator[RenderableType]:
    held = panel.pause
    yield "remediation is not paused" if held is None else f"remediation is paused: {_said(held)}"
    rows = [
        *((str(worker), "live", "yes" if seen else "not yet") for worker, seen in panel.live(now).items()),
        *((str(worker), f"silent since {written(beat.at, 'seconds')}", "-") for worker, beat in _dead(panel, now)),
    ]
    yield _workers(rows) if rows else "no worker of the roles decide and execute lives"
    yield "no sink is of type remediation" if parked is None else f"{parked} wait for an answer"
    yield from _dry_run_lines(config)


def _dead(panel: Panel, now: datetime) -> Iterable[tuple[Worker, Heartbeat]]:
    return panel.silent(now).items()


def _workers(rows: list[tuple[str, str, str]]) -> RenderableType:
    return listing(
        "Workers", ("worker", "state", "has seen the switch"), ([printable(cell) for cell in row] for row in rows)
    )


def _dry_runs(config: Config) -> Iterator[tuple[str, bool]]:
    """Whether each remediation sink only says what would be done."""
    for name, sink in config.sinks.items():
        if sink.type == "remediation":
            yield name, config.remediation.dry_run or bool(getattr(sink, "dry_run", True))


def _dry_run_lines(config: Config) -> Iterator[str]:
    sinks: Mapping[str, bool] = dict(_dry_runs(config))
    dry = [name for name, planned in sinks.items() if planned]
    acting = [name for name, planned in sinks.items() if not planned]
    if dry:
        yield f"dry run: {', '.join(dry)}"
    if acting:
        yield f"acting: {', '.join(acting)}"


def _tell_who(done: Turned) -> None:
    for worker in done.confirmed:
        typer.echo(printable(f"confirmed by {worker}"))
    if not done.confirmed and not done.missing:
        typer.echo("no worker of the roles decide and execute lives; one that starts goes by it from its first moment")
    for worker, beat in done.silent:
        since = written(beat.at, "seconds")
        line = f"taken for dead: {worker}, silent since {since}; if it runs all the same, stop it"
        typer.echo(printable(line), err=True)
    if done.untold and (done.missing or done.silent):
        typer.echo(f"reflexarc: the audit was not told: {done.untold}", err=True)


def _tell_untold(done: Turned) -> None:
    if done.untold:
        fail(f"the audit was not told: {done.untold}", cure="the switch is turned all the same")


def _without_kafka(config: Config) -> str:
    file = config.remediation.stop_file
    if file is None:
        return "stop the workers of role execute by hand; remediation.stop_file names a file that does it without Kafka"
    return f"write {file} on every machine that runs role execute: it stops actions without Kafka"


def _said(pause: Pause | None) -> str:
    if pause is None:
        return "-"
    by = f"by {pause.actor} " if pause.actor else ""
    return printable(f"{by}since {written(pause.since, 'seconds')}{f': {pause.reason}' if pause.reason else ''}")
