"""All of one run of this bench, for a person or as JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from bench import drain
from bench.report import mebibytes, table
from bench.router.goals import goals

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rich.console import RenderableType

    from bench.drain import Drain
    from bench.router.memory import Memory
    from bench.transport.goals import Goal

_CONDITIONS = ("condition", "")
_DRAINS = ("backlog", "runs", "events", "read/s", "CPU µs per event", "events per CPU s", "peak RSS MiB")
_MEMORY = ("events", "seconds", "MiB: first third", "second", "last", "most")
_GOALS = ("goal", "wanted", "seen", "")


@dataclass(frozen=True, slots=True)
class Outcome:
    """Runs by title, in the order in which they were made, round by round."""

    conditions: Mapping[str, str]
    drains: Mapping[str, Sequence[Drain]]
    memory: Memory | None = None

    @property
    def goals(self) -> list[Goal]:
        """Every goal whose runs were made."""
        return list(goals(self.drains, self.memory))

    def as_json(self) -> dict[str, Any]:
        """Every single measurement as plain JSON values: seconds, bytes."""
        return {
            "conditions": dict(self.conditions),
            "backlog": {title: [asdict(run) for run in runs] for title, runs in self.drains.items()},
            "memory": None if self.memory is None else asdict(self.memory),
            "goals": [{**goal._asdict(), "holds": goal.holds} for goal in self.goals],
        }

    def render(self) -> Iterator[RenderableType]:
        """Medians for a person."""
        yield table(_CONDITIONS, self.conditions.items())
        yield table(_DRAINS, [_drained(title, runs) for title, runs in self.drains.items()])
        if self.memory is not None:
            yield table(_MEMORY, [_remembered(self.memory)])
        yield table(_GOALS, [_goal(goal) for goal in self.goals])


def _drained(title: str, runs: Sequence[Drain]) -> tuple[str, ...]:
    run = drain.typical(runs)
    cells = (str(len(runs)), f"{run.events:,}", f"{run.rate:,.0f}", f"{1000 * run.cost:.1f}", f"{1000 / run.cost:,.0f}")
    return title, *cells, mebibytes(run.used.peak)


def _remembered(memory: Memory) -> tuple[str, ...]:
    sizes = (f"{size / (1 << 20):.1f}" for size in (*memory.thirds, memory.most))
    return f"{memory.events:,}", f"{memory.seconds:.0f}", *sizes


def _goal(goal: Goal) -> tuple[str, ...]:
    return goal.what, f"{goal.relation} {goal.wanted:g}", f"{goal.seen:,.2f}", "yes" if goal.holds else "no"
