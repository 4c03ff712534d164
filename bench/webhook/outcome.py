"""All of one run of this bench, for a person or as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

from bench.report import mebibytes, table
from bench.transport.goals import AT_LEAST, AT_MOST, Goal
from bench.webhook.scenario import Scenario, Who

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rich.console import RenderableType

    from bench.webhook.load import Answered

_CONDITIONS = ("condition", "")
_RUNS = (
    "connections",
    "processes",
    "who",
    "runs",
    "requests/s",
    "of bare",
    "CPU s per 10,000",
    "p50 ms",
    "p99 ms",
    "refused",
    "MiB",
)
_GOALS = ("goal", "wanted", "seen", "")

BUSY, LONE = 32, 1
OF_BARE = 0.7
P99_BUSY = 15.0
P50_LONE = 5.0


class Run(NamedTuple):
    """One run of one scenario.

    Attributes:
        answered: what the senders saw.
        stored: records that Kafka got.
        cpu: seconds of CPU of all the server's processes.
        peak: bytes of their memory at most.
    """

    answered: Answered
    stored: int
    cpu: float
    peak: int

    @property
    def cost(self) -> float:
        """CPU seconds per 10,000 requests."""
        return 10_000 * self.cpu / (self.answered.accepted + self.answered.refused)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Runs in the order in which they were made, round by round."""

    conditions: Mapping[str, str]
    runs: Mapping[Scenario, Sequence[Run]]

    @property
    def goals(self) -> Iterator[Goal]:
        """Every goal whose scenario ran."""
        for scenario, runs in self.runs.items():
            if scenario.who is Who.OURS and runs:
                yield from self._goals(scenario, runs)

    def _goals(self, scenario: Scenario, runs: Sequence[Run]) -> Iterator[Goal]:
        """Speed is wanted of one process; that nothing is lost, of all."""
        if scenario == Scenario(Who.OURS, BUSY):
            if (share := self.of_bare(scenario)) is not None:
                yield Goal(f"{scenario.load}: requests/s against bare", AT_LEAST, OF_BARE, share)
            p99 = median(run.answered.p99 for run in runs)
            yield Goal(f"{scenario.load}: p99, ms", AT_MOST, P99_BUSY, p99)
        if scenario == Scenario(Who.OURS, LONE):
            p50 = median(run.answered.p50 for run in runs)
            yield Goal("one connection: p50, ms", AT_MOST, P50_LONE, p50)
        lost = sum(max(0, run.answered.accepted - run.stored) for run in runs)
        yield Goal(f"{scenario.load}: accepted and not stored", AT_MOST, 0, lost)

    def of_bare(self, ours_at: Scenario) -> float | None:
        """Our requests per second as a multiple of the bare handler's, round by round; the median."""
        ours, bare = self.runs.get(ours_at), self.runs.get(ours_at.bare)
        if not ours or not bare:
            return None
        return median(one.answered.rate / other.answered.rate for one, other in zip(ours, bare, strict=True))

    def as_json(self) -> dict[str, Any]:
        """Every single measurement as plain JSON values."""
        return {
            "conditions": dict(self.conditions),
            "runs": [
                {
                    "who": each.who.value,
                    "connections": each.connections,
                    "processes": each.processes,
                    "results": [{**run.answered._asdict(), **run._asdict(), "answered": None} for run in runs],
                }
                for each, runs in self.runs.items()
            ],
            "goals": [{**goal._asdict(), "holds": goal.holds} for goal in self.goals],
        }

    def render(self) -> Iterator[RenderableType]:
        """Medians for a person."""
        yield table(_CONDITIONS, self.conditions.items())
        yield table(_RUNS, [self._row(scenario, runs) for scenario, runs in self.runs.items()])
        yield table(
            _GOALS,
            [
                (each.what, f"{each.relation} {each.wanted:,g}", f"{each.seen:,.2f}", "yes" if each.holds else "no")
                for each in self.goals
            ],
        )

    def _row(self, scenario: Scenario, runs: Sequence[Run]) -> tuple[str, ...]:
        share = self.of_bare(scenario) if scenario.who is Who.OURS else None
        return (
            str(scenario.connections),
            str(scenario.processes),
            scenario.who.value,
            str(len(runs)),
            f"{median(run.answered.rate for run in runs):,.0f}",
            "-" if share is None else f"{share:.2f}",
            f"{median(run.cost for run in runs):.2f}",
            f"{median(run.answered.p50 for run in runs):.1f}",
            f"{median(run.answered.p99 for run in runs):.1f}",
            str(sum(run.answered.refused for run in runs)),
            mebibytes(max(run.peak for run in runs)),
        )
