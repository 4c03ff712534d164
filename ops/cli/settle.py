"""``reflexarc dlq redrive`` and ``drop``."""

from __future__ import annotations

import asyncio
import sys
from contextlib import ExitStack
from time import monotonic
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from ops.cli.actor import Actor, Reason, word
from ops.cli.context import load_config
from ops.cli.output import failure, progress
from ops.cli.selection import Asked, Error, Id, Since, Sink, Status, Until, Where
from ops.cli.settled import Left, say
from schemas import topics
from schemas.errors import ReflexarcError

if TYPE_CHECKING:
    from ops.deadletters.desk import Desk
    from ops.deadletters.job import Job, Outlook
    from ops.deadletters.settling import Tally
    from schemas.config import Config

EVERY: Final = 2.0
"""Seconds between two lines of progress."""

Limit = Annotated[int | None, typer.Option(min=1, help="So many letters, at most: partition by partition, the first.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be done; write nothing anywhere.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
Rate = Annotated[float | None, typer.Option(min=0.001, help="Letters per second, at most.")]
Keep = Annotated[bool, typer.Option("--keep", help="Leave what is settled in Kafka; else what may go is deleted.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]

ORDER: Final = "what is sent again comes after newer events of its key", "--skip-if-newer leaves out what was outrun"
EVERYWHERE: Final = "these go to every sink that their routes choose", "who had them gets them again, with the same ids"


def redrive(
    ctx: typer.Context,
    sink: Sink,
    where: Where = None,
    since: Since = None,
    until: Until = None,
    status: Status = None,
    error: Error = None,
    id_: Id = None,
    limit: Limit = None,
    skip_if_newer: Annotated[
        bool, typer.Option("--skip-if-newer", help="Leave letters open whose sink was given a newer event of the key.")
    ] = False,
    dry_run: DryRun = False,
    rate: Rate = None,
    keep: Keep = False,
    yes: Yes = False,
    actor: Actor = None,
    reason: Reason = "",
    json: Json = False,
) -> None:
    """Send open dead letters to their sink again, as they were.

    Breaks the order of a key: an old event comes after newer ones, unless --skip-if-newer is given. Letters of the
    router go to the events again, and so to every sink that their routes choose. At least once: what is interrupted
    may send up to 500 letters again, with the same ids. Settled letters in front of the first open one of a partition
    are then deleted from Kafka, also those of earlier runs, unless --keep is given. Exit code 1 when it was
    interrupted, or when Kafka would not take some of them.
    """
    if skip_if_newer and sink == topics.UNROUTABLE:
        raise typer.BadParameter(
            "goes with letters of a sink; those of the router had none yet", param_hint="--skip-if-newer"
        )
    asked = Asked(where=where, since=since, until=until, status=status, error=error, ids=id_)
    _carry_out(
        ctx,
        sink,
        asked,
        keep=keep,
        json=json,
        outcome="redriven",
        limit=limit,
        skip_if_newer=skip_if_newer,
        dry_run=dry_run,
        rate=rate,
        yes=yes,
        actor=actor,
        reason=reason,
    )


def drop(
    ctx: typer.Context,
    sink: Sink,
    where: Where = None,
    since: Since = None,
    until: Until = None,
    status: Status = None,
    error: Error = None,
    id_: Id = None,
    limit: Limit = None,
    dry_run: DryRun = False,
    rate: Rate = None,
    keep: Keep = False,
    yes: Yes = False,
    actor: Actor = None,
    reason: Reason = "",
    json: Json = False,
) -> None:
    """Give open dead letters up: nothing is sent, and they are open no more.

    They are marked as dropped, and in the audit. Settled letters in front of the first open one of a partition are
    then deleted from Kafka, also those of earlier runs, unless --keep is given. Exit code 1 when it was interrupted.
    """
    asked = Asked(where=where, since=since, until=until, status=status, error=error, ids=id_)
    _carry_out(
        ctx,
        sink,
        asked,
        keep=keep,
        json=json,
        outcome="dropped",
        limit=limit,
        skip_if_newer=False,
        dry_run=dry_run,
        rate=rate,
        yes=yes,
        actor=actor,
        reason=reason,
    )


def _carry_out(
    ctx: typer.Context, sink: str, asked: Asked, *, dry_run: bool, keep: bool, yes: bool, json: bool, **given: Any
) -> None:
    from ops.deadletters import again, box, newer
    from ops.deadletters.desk import Desk
    from ops.deadletters.job import Job, look
    from ops.deadletters.purge import purge
    from ops.deadletters.settling import Tally

    config = load_config(ctx)
    if given["outcome"] == "redriven":
        again.check(sink)
    if given["skip_if_newer"]:
        newer.check(config, sink)
    given |= word(given["actor"], given["reason"])._asdict()
    with ExitStack() as closing:
        selection = closing.enter_context(asked.selection(config, ("open",)))
        box.check(config, sink, sendable=given["outcome"] == "redriven")
        job, tally, failed = Job(name=sink, selection=selection, **given), Tally(), None
        with progress(f"reading the dead letters of {sink}"):
            desk = closing.enter_context(Desk(config.kafka, sink))
            outlook = look(config, job, desk)
        if outlook.matching and not dry_run:
            _confirm(job, outlook, yes=yes)
            failed = _run(config, job, desk, outlook, tally)
    if failed is None:
        with Desk(config.kafka, sink) as desk:
            purged = 0 if keep or dry_run else purge(config.kafka, sink, desk)
            say(job, outlook, tally, Left(desk.counts, purged), dry_run=dry_run, json=json)
    else:
        say(job, outlook, tally, None, dry_run=dry_run, json=json)
        raise failed
    if not dry_run and (tally.refused or tally.seen < outlook.matching):
        raise typer.Exit(1)


def _confirm(job: Job, outlook: Outlook, *, yes: bool) -> None:
    if job.outcome == "redriven" and not job.skip_if_newer:
        sys.stderr.write(failure(*(EVERYWHERE if job.name == topics.UNROUTABLE else ORDER)) + "\n")
    if yes or (job.outcome == "redriven" and outlook.matching == 1):
        return
    what = "send {} dead letters of {} again?" if job.outcome == "redriven" else "drop {} dead letters of {}?"
    question = what.format(outlook.matching - outlook.outrun, job.name)
    if not sys.stdin.isatty():
        raise ReflexarcError(question, cure="nobody can be asked here: look with --dry-run, then say --yes")
    typer.confirm(question, abort=True, err=True)


def _run(config: Config, job: Job, desk: Desk, outlook: Outlook, tally: Tally) -> ReflexarcError | None:
    """Carry it out, telling how far it is; what ended it early."""
    from ops.deadletters.job import carry_out

    last = monotonic()
    with progress(f"{outlook.matching} dead letters of {job.name}") as report:

        def tell() -> None:
            nonlocal last
            if monotonic() - last >= EVERY:
                last = monotonic()
                report(f"{tally.seen} of {outlook.matching}")

        try:
            asyncio.run(carry_out(config, job, desk, outlook.newest, tally, report=tell))
        except ReflexarcError as error:
            return error
    return None
