"""``reflexarc replay``: events that have been, once more."""

from __future__ import annotations

import asyncio
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from ops.cli import completion
from ops.cli.context import load_config, options
from ops.cli.output import console, emit, failure, listing
from schemas.errors import ReflexarcError

if TYPE_CHECKING:
    from collections.abc import Callable

    from ops.replay.bookmark import Bookmark
    from ops.replay.request import Request
    from schemas.config import Config


def replay(
    ctx: typer.Context,
    begin: Annotated[
        str | None,
        typer.Option("--from", help="Events that happened then or later: 24h (ago), 2026-01-31T06:00:00Z."),
    ] = None,
    end: Annotated[
        str | None, typer.Option("--to", help="Events that happened before; default: all that are there now.")
    ] = None,
    from_offset: Annotated[
        str | None, typer.Option(help="Begin there instead: partition:offset, as tap shows it; several with commas.")
    ] = None,
    late: Annotated[
        str | None, typer.Option(help="With --to: stop at what arrived so much later; default: read to the end.")
    ] = None,
    match: Annotated[
        list[str] | None,
        typer.Option(
            help="Conditions as in a route: '{data: {Vm.Name: web-1}}', subject=Vm*; each that is given holds."
        ),
    ] = None,
    sink: Annotated[
        list[str] | None, typer.Option(help="Write for this sink; may be repeated.", autocompletion=completion.sinks)
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Write for every sink.")] = False,
    routes: Annotated[
        Path | None, typer.Option(help="Decide by the routes of this file, like one in routes.d.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count only; write nothing anywhere.")] = False,
    rate: Annotated[float | None, typer.Option(min=0.001, help="Events written per second, at most.")] = None,
    allow_side_effects: Annotated[
        bool, typer.Option("--allow-side-effects", help="Also for sinks that act on what they get.")
    ] = False,
    resume: Annotated[Path | None, typer.Option(help="Go on where this file of an earlier run says.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
) -> None:
    """Read events again, and write them once more for some sinks.

    Those that the routes choose are written to the topics of the sinks with the attribute `reflexarcreplay`, and
    delivered by the running workers. What is interrupted leaves a file for --resume. Moves no consumer group. Exit code
    1 when it was interrupted, or when something that was asked for could not be written.
    """
    from ops.replay.bookmark import recall

    given: dict[str, Any] = {
        "--from": begin,
        "--to": end,
        "--from-offset": from_offset,
        "--late": late,
        "--match": match,
        "--sink": sink,
        "--all": every,
        "--routes": routes,
        "--rate": rate,
        "--allow-side-effects": allow_side_effects,
    }
    config = load_config(ctx)
    if resume is None:
        kept, request = None, _request(given, config)
    else:
        for name, value in {**given, "--dry-run": dry_run}.items():
            if value:
                raise typer.BadParameter(
                    "goes alone: the file says what was asked for", param_hint=f"{name} and --resume"
                )
        kept = recall(resume)
        request = kept.request
    _carry_out(config, request, kept, resume, dry_run=dry_run, json=json, command=_command(ctx))


def _carry_out(
    config: Config,
    request: Request,
    kept: Bookmark | None,
    path: Path | None,
    *,
    dry_run: bool,
    json: bool,
    command: Callable[[Path], str],
) -> None:
    from ops.events.inventory import inventory_for
    from ops.replay.bookmark import store
    from ops.replay.plan import plan
    from ops.replay.progress import Bar
    from ops.replay.service import new_id
    from ops.replay.service import replay as work

    planned = plan(config, request, dry_run=dry_run)
    for name in planned.throttled:
        sys.stderr.write(failure(f"route {name} is throttled", "a replay leaves it out") + "\n")
    start = kept or new_id()
    if path is None and not dry_run:
        path = Path(f"replay-{start}.json")
    keep = None if path is None else partial(store, path=path)
    with (
        inventory_for((*planned.wanted, *planned.index.routes), config.kafka, missing=_unread) as inventory,
        Bar() as bar,
    ):
        try:
            done = asyncio.run(work(config, planned, start, keep, inventory=inventory, watcher=bar))
        except ReflexarcError:
            if path is not None and path.exists():
                bar.say(f"what was done is kept — go on with `{command(path)}`")
            raise
    _summarize(done, dry_run=dry_run, json=json)
    if path is not None and not done.left:
        path.unlink(missing_ok=True)
    elif path is not None:
        sys.stderr.write(failure("interrupted", f"go on with `{command(path)}`") + "\n")
    if done.left or done.tally.refused or done.tally.deleted:
        raise typer.Exit(1)


def _request(given: dict[str, Any], config: Config) -> Request:
    """What the options ask for."""
    from datetime import UTC, datetime

    from pydantic import ValidationError

    from ops.replay.moment import moment
    from ops.replay.request import Request, offsets
    from schemas.config.fault import Fault
    from schemas.config.units import parse_duration

    if bool(given["--sink"]) == given["--all"]:
        raise typer.BadParameter("name whom to write for, or give --all; one of the two", param_hint="--sink")
    now = datetime.now(UTC)

    def read(option: str, how: Callable[[str], Any]) -> Any:
        try:
            return None if given[option] is None else how(given[option])
        except Fault as fault:
            raise typer.BadParameter(f"{fault.what} — {fault.cure}", param_hint=option) from None

    fields = {
        "begin": read("--from", lambda text: moment(text, now)),
        "end": read("--to", lambda text: moment(text, now)),
        "offsets": read("--from-offset", offsets),
        "late": read("--late", parse_duration),
        "match": given["--match"] or (),
        "sinks": tuple(config.sinks) if given["--all"] else given["--sink"],
        "routes": given["--routes"] and given["--routes"].absolute(),
        "rate": given["--rate"],
        "allow_side_effects": given["--allow-side-effects"],
    }
    try:
        return Request.model_validate(fields)
    except ValidationError as error:
        first = error.errors()[0]
        fault = first.get("ctx", {}).get("error")
        raise typer.BadParameter(
            f"{fault.what} — {fault.cure}" if isinstance(fault, Fault) else first["msg"], param_hint="--from"
        ) from None


def _unread(problem: str) -> NoReturn:
    raise ReflexarcError(
        f"routes ask the inventory, which cannot be read: {problem}",
        cure="a replay does not guess; give a file with --routes that does not ask it",
    )


def _command(ctx: typer.Context) -> Callable[[Path], str]:
    """The command line that goes on."""
    from shlex import join

    file = options(ctx).config
    front = [] if str(file) == "reflexarc.yaml" else ["--config", str(file)]
    return lambda path: join(["reflexarc", *front, "replay", "--resume", str(path)])


def _summarize(done: Bookmark, *, dry_run: bool, json: bool) -> None:
    from schemas.config.units import format_duration

    tally, complete = done.tally, not done.left
    data = {"id": done.id, "complete": complete, "dry_run": dry_run, **tally.model_dump()}
    if json:
        emit(data, json=True, table=str)
        return
    how = "complete" if complete else "interrupted"
    console.print(f"{'dry run' if dry_run else 'replay'} {done.id}: {how}, {format_duration(round(tally.seconds, 1))}")
    skipped = ", ".join(f"{count:,} {why}" for why, count in tally.skipped.items())
    console.print(f"{tally.read:,} read: {tally.chosen:,} chosen{skipped and f', {skipped}'}")
    console.print(
        listing(
            "To be written" if dry_run else "Written",
            ("sink", "written", "refused"),
            ((sink, tally.written.get(sink, 0), tally.refused.get(sink, 0)) for sink in done.request.sinks),
        )
    )
