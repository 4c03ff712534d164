"""All of one run of this bench, for a person or as JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from bench import drain
from bench.report import mebibytes, table
from bench.transport import lateness
from bench.transport.goals import goals

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rich.console import RenderableType

    from bench.drain import Drain
    from bench.transport.contestant import Contestant
    from bench.transport.goals import Goal
    from bench.transport.lateness import Lateness

_CONDITIONS = ("condition", "")
_DRAINS = ("backlog", "runs", "events", "events/s", "CPU µs per event", "events per CPU s", "peak RSS MiB")
_LATE = ("1,000 events a second", "runs", "p50 ms", "p90 ms", "p99 ms", "max ms", "% of a core", "peak RSS MiB")
_GOALS = ("goal", "wanted", "seen", "")


@dataclass(frozen=True, slots=True)
class Outcome:
    """Runs in the order in which they were made, round by round."""

    conditions: Mapping[str, str]
    drains: Mapping[Contestant, Sequence[Drain]]
    late: Mapping[Contestant, Sequence[Lateness]]

    @property
    def goals(self) -> list[Goal]:
        """Every goal whose contestants ran."""
        return list(goals(self.drains, self.late))

    def as_json(self) -> dict[str, Any]:
        """Every single measurement as plain JSON values: seconds, bytes, milliseconds."""
        return {
            "conditions": dict(self.conditions),
            "backlog": {who.title: [asdict(run) for run in runs] for who, runs in self.drains.items()},
            "late": {who.title: [asdict(run) for run in runs] for who, runs in self.late.items()},
            "goals": [{**goal._asdict(), "holds": goal.holds} for goal in self.goals],
        }

    def render(self) -> Iterator[RenderableType]:
        """Medians for a person."""
        yield table(_CONDITIONS, self.conditions.items())
        yield table(_DRAINS, [_drained(who, runs) for who, runs in self.drains.items()])
        yield table(_LATE, [_late(who, runs) for who, runs in self.late.items()])
        yield table(_GOALS, [_goal(goal) for goal in self.goals])


def _drained(who: Contestant, runs: Sequence[Drain]) -> tuple[str, ...]:
    run = drain.typical(runs)
    per_cpu_second = f"{1000 / run.cost:,.0f}"
    cells = (str(len(runs)), f"{run.events:,}", f"{run.rate:,.0f}", f"{1000 * run.cost:.1f}", per_cpu_second)
    return who.title, *cells, mebibytes(run.used.peak)


def _late(who: Contestant, runs: Sequence[Lateness]) -> tuple[str, ...]:
    run = lateness.typical(runs)
    times = (f"{each:.1f}" for each in (run.p50, run.p90, run.p99, run.longest))
    return who.title, str(len(runs)), *times, f"{100 * run.core:.0f}", mebibytes(run.peak)


def _goal(goal: Goal) -> tuple[str, ...]:
    return goal.what, f"{goal.relation} {goal.wanted:g}", f"{goal.seen:.2f}", "yes" if goal.holds else "no"
