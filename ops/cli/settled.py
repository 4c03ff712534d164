"""What became of the letters that somebody sent again or dropped, as it is printed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rich.text import Text

from ops.cli.letters import counted
from ops.cli.output import emit, printable

if TYPE_CHECKING:
    from ops.deadletters.desk import Counts
    from ops.deadletters.job import Job, Outlook
    from ops.deadletters.settling import Tally


class Left(NamedTuple):
    """What Kafka holds afterwards.

    Attributes:
        counts: of all letters that are still there.
        purged: how many settled letters were deleted; None: it was tried, and is not known.
    """

    counts: Counts
    purged: int | None


def say(job: Job, outlook: Outlook, tally: Tally, found: Left | None, *, dry_run: bool, json: bool) -> None:
    """Print a summary whose numbers add up.

    Args:
        job: what was asked for.
        outlook: what that meant before it was carried out.
        tally: what came of it; empty in a dry run.
        found: read afterwards; None where Kafka cannot be asked any more.
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
        "purged": None if found is None else found.purged,
        "counts": None if found is None else counted(found.counts),
    }
    refused = tally.refused.total()
    done = f"{'would be ' if dry_run else ''}{'re-driven' if job.outcome == 'redriven' else 'dropped'}"
    lines = [
        f"{outlook.matching} matching = {settled} {done} + {skipped} skipped + {refused} refused + {left} left",
        *(f"refused {count}: {printable(why)}" for why, count in tally.refused.items()),
        *([] if found is None else _left(job, found)),
    ]
    emit(data, json=json, table=lambda: Text("\n".join(lines)))


def _left(job: Job, found: Left) -> list[str]:
    deleted = [f"{found.purged} settled letters deleted from Kafka"] if found.purged else []
    return [*deleted, f"{job.name}: {found.counts}"]
