"""What became of the letters that somebody sent again or dropped, as it is printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from ops.cli.letters import counted
from ops.cli.output import emit, printable

if TYPE_CHECKING:
    from ops.deadletters.desk import Counts
    from ops.deadletters.job import Job, Outlook
    from ops.deadletters.settling import Tally


def say(job: Job, outlook: Outlook, tally: Tally, counts: Counts | None, *, dry_run: bool, json: bool) -> None:
    """Print a summary whose numbers add up.

    Args:
        job: what was asked for.
        outlook: what that meant before it was carried out.
        tally: what came of it; empty in a dry run.
        counts: of all letters, read afterwards; None where Kafka cannot be asked any more.
        dry_run: whether nothing was done: then the outlook is told.
        json: as JSON.
    """
    settled = outlook.matching - outlook.outrun if dry_run else tally.settled
    skipped = outlook.outrun if dry_run else tally.skipped
    left = 0 if dry_run else outlook.matching - tally.seen
    data = {
        "sink": job.name,
        "outcome": job.outcome,
        "dry_run": dry_run,
        "matching": outlook.matching,
        "settled": settled,
        "skipped": skipped,
        "refused": dict(tally.refused),
        "left": left,
        "counts": None if counts is None else counted(counts),
    }
    refused = tally.refused.total()
    done = f"{'would be ' if dry_run else ''}{'re-driven' if job.outcome == 'redriven' else 'dropped'}"
    lines = [
        f"{outlook.matching} matching = {settled} {done} + {skipped} skipped + {refused} refused + {left} left",
        *(f"refused {count}: {printable(why)}" for why, count in tally.refused.items()),
        *([] if counts is None else [f"{job.name}: {counts}"]),
    ]
    emit(data, json=json, table=lambda: Text("\n".join(lines)))
