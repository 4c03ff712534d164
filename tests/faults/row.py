"""What came of an experiment as a row of a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tests.support.book import Book

if TYPE_CHECKING:
    from tests.faults.experiment import Experiment, Outcome

COLUMNS: Final = (
    "plan",
    "strategy",
    "sent",
    "lost",
    "duplicates",
    "out of order",
    "aborted seen",
    "handovers",
    "assignments",
    "longest silence",
    "longest drain / cancelled",
    "slowest exit",
    "in flight at faults",
    "behind at the end",
    "nodes killed",
)


def note(experiment: Experiment, outcome: Outcome) -> None:
    """Print the row, and keep it in ``build/figures/faults.md``."""
    Book("faults", COLUMNS).add(*row(experiment, outcome))


def row(experiment: Experiment, outcome: Outcome) -> tuple[object, ...]:
    """The cells under ``COLUMNS``."""
    setting, counts = experiment.setting, outcome.tally
    return (
        experiment.name,
        ", ".join(filter(None, (setting.strategy, setting.static and "static", setting.mutant))),
        counts.sent,
        counts.lost,
        counts.duplicates,
        counts.out_of_order,
        counts.aborted_seen,
        counts.handovers,
        outcome.assignments,
        f"{counts.silence:.1f} s",
        f"{outcome.drain:.1f} s / {outcome.cancelled}",
        f"{outcome.slowest_exit:.1f} s",
        ", ".join(map(str, outcome.in_flight)) or "none",
        outcome.uncommitted or "none",
        ", ".join(f"{fall.node} led {fall.leads}" for fall in outcome.falls) or "none",
    )
