"""``reflexarc dlq redrive`` and ``drop``."""

from __future__ import annotations

import asyncio
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Annotated, Final

import typer

from ops.cli.actor import Actor, Reason, word
from ops.cli.context import load_config
from ops.cli.output import failure, progress
from ops.cli.selection import Asked, Sink  # noqa: TC001 - typer reads annotations
from ops.cli.settled import Left, say
from ops.cli.spread import spread
from schemas import topics
from schemas.errors import ReflexarcError

if TYPE_CHECKING:
    from ops.deadletters.desk import Desk
    from ops.deadletters.job import Job, Outlook
    from ops.deadletters.selection import Selection
    from ops.deadletters.settling import Tally
    from schemas.config import Config
    from schemas.settlement import Outcome

EVERY: Final = 2.0
"""Seconds between two lines of progress."""

ORDER: Final = "what is sent again comes after newer events of its key", "--skip-if-newer leaves out what was outrun"
EVERYWHERE: Final = "these go to every sink that their routes choose", "who had them gets them again, with the same ids"

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How letters are settled, as it was typed; a command takes it by ``spread``."""

    limit: Annotated[
        int | None, typer.Option(min=1, help="So many letters, at most: partition by partition, the first.")
    ] = None
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done; write nothing anywhere.")] = False
    rate: Annotated[float | None, typer.Option(min=0.001, help="Letters per second, at most.")] = None
    keep: Annotated[
        bool, typer.Option("--keep", help="Leave what is settled in Kafka; else what may go is deleted.")
    ] = False
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False
    actor: Actor = None
    reason: Reason = ""
    json: Json = False

    def job(self, name: str, outcome: Outcome, selection: Selection, *, skip_if_newer: bool) -> Job:
        """The order for the letters of ``name`` that are selected; the configuration is loaded."""
        from ops.deadletters.job import Job

        actor, reason = word(self.actor, self.reason)
        return Job(
            name=name,
            outcome=outcome,
            selection=selection,
            limit=self.limit,
            skip_if_newer=skip_if_newer,
            rate=self.rate,
            actor=actor,
            reason=reason,
        )


@spread
def redrive(
    ctx: typer.Context,
    *,
    sink: Sink,
    asked: Asked,
    skip_if_newer: Annotated[
        bool, typer.Option("--skip-if-newer", help="Leave letters open whose sink was given a newer event of the key.")
    ] = False,
    manner: Manner,
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
    _carry_out(load_config(ctx), sink, "redriven", asked, manner, skip_if_newer=skip_if_newer)


@spread
def drop(ctx: typer.Context, sink: Sink, asked: Asked, manner: Manner) -> None:
    """Give open dead letters up: nothing is sent, and they are open no more.

    They are marked as dropped, and in the audit. Settled letters in front of the first open one of a partition are
    then deleted from Kafka, also those of earlier runs, unless --keep is given. Exit code 1 when it was interrupted.
    """
    _carry_out(load_config(ctx), sink, "dropped", asked, manner)


def _carry_out(
    config: Config, sink: str, outcome: Outcome, asked: Asked, manner: Manner, *, skip_if_newer: bool = False
) -> None:
    from ops.deadletters import again, box, newer
    from ops.deadletters.desk import Desk
    from ops.deadletters.job import look
    from ops.deadletters.settling import Tally

    if outcome == "redriven":
        again.check(sink)
    if skip_if_newer:
        newer.check(config, sink)
    with ExitStack() as closing:
        selection = closing.enter_context(asked.selection(config, ("open",)))
        box.check(config, sink, sendable=outcome == "redriven")
        job, tally, failed = manner.job(sink, outcome, selection, skip_if_newer=skip_if_newer), Tally(), None
        with progress(f"reading the dead letters of {sink}"):
            desk = closing.enter_context(Desk(config.kafka, sink))
            outlook = look(config, job, desk)
        if outlook.matching and not manner.dry_run:
            _confirm(job, outlook, yes=manner.yes)
            failed = _run(config, job, desk, outlook, tally)
    left = None if failed else _left(config, sink, purges=not (manner.keep or manner.dry_run))
    say(job, outlook, tally, left, dry_run=manner.dry_run, json=manner.json)
    if failed is not None:
        raise failed
    if not manner.dry_run and (tally.refused or tally.seen < outlook.matching):
        raise typer.Exit(1)


def _left(config: Config, sink: str, *, purges: bool) -> Left:
    """What Kafka holds afterwards, once what may go has been deleted."""
    from ops.deadletters.desk import Desk
    from ops.deadletters.purge import purge

    with progress(f"reading the dead letters of {sink}"), Desk(config.kafka, sink) as desk:
        purged = purge(config.kafka, sink, desk) if purges else 0
        return Left(desk.counts, purged)


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
