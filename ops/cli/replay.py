"""``reflexarc replay``: events that have been, once more."""

from __future__ import annotations

import asyncio
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from ops.cli.context import load_config, options
from ops.cli.output import console, emit, failure, listing
from ops.cli.request import Wanted  # noqa: TC001 - typer reads annotations
from ops.cli.spread import spread
from schemas.errors import ReflexarcError

if TYPE_CHECKING:
    from collections.abc import Callable

    from ops.replay.bookmark import Bookmark
    from ops.replay.request import Request
    from schemas.config import Config


@spread
def replay(
    ctx: typer.Context,
    wanted: Wanted,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count only; write nothing anywhere.")] = False,
    resume: Annotated[Path | None, typer.Option(help="Go on where this file of an earlier run says.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
) -> None:
    """Read events again, and write them once more for some sinks.

    Those that the routes choose are written to the topics of the sinks with the attribute `reflexarcreplay`, and
    delivered by the running workers. What is interrupted leaves a file for --resume. Moves no consumer group. Exit code
    1 when it was interrupted, or when something that was asked for could not be written.
    """
    config = load_config(ctx)
    kept = None if resume is None else _resumed(resume, wanted, dry_run=dry_run)
    request = wanted.request(config) if kept is None else kept.request
    _carry_out(config, request, kept, resume, dry_run=dry_run, json=json, command=_command(ctx))


def _resumed(file: Path, wanted: Wanted, *, dry_run: bool) -> Bookmark:
    """What an earlier run has left; nothing else may be asked for."""
    from ops.replay.bookmark import recall

    if others := [*wanted.typed, *(["--dry-run"] if dry_run else [])]:
        hint = f"{others[0]} and --resume"
        raise typer.BadParameter("goes alone: the file says what was asked for", param_hint=hint)
    return recall(file)


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
