"""All of one run of this bench, for a person or as JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from bench.delivery.result import typical
from bench.delivery.scenario import BESIDE_A_DEAD_SINK, Way
from bench.report import mebibytes, table
from bench.transport.goals import AT_LEAST, AT_MOST, Goal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rich.console import RenderableType

    from bench.delivery.result import Result
    from bench.delivery.scenario import Scenario

_CONDITIONS = ("condition", "")
_RUNS = (
    "load",
    "who",
    "runs",
    "events/s",
    "CPU s per 10,000",
    "p50 ms",
    "p99 ms",
    "missing",
    "doubled",
    "out of order",
    "peak RSS MiB",
)
_GOALS = ("goal", "wanted", "seen", "")


class Wanted(NamedTuple):
    """A goal of one scenario."""

    title: str
    way: Way
    figure: str
    relation: str
    value: float


GOALS = (
    Wanted("W2, ordered", Way.ALONE, "rate", AT_LEAST, 8_000),
    Wanted("W2, ordered", Way.ALONE, "cost", AT_MOST, 0.75),
    Wanted("W2, ordered, 1,000 in flight", Way.ALONE, "rate", AT_LEAST, 15_000),
    Wanted("W1, ordered", Way.DIRECT, "rate", AT_LEAST, 15_000),
    Wanted("W1, ordered", Way.DIRECT, "cost", AT_MOST, 0.45),
    Wanted("W1, ordered", Way.ROUTED, "rate", AT_LEAST, 10_000),
    Wanted("W1, ordered", Way.ROUTED, "cost", AT_MOST, 0.65),
    Wanted("1,000 a second, ordered", Way.DIRECT, "p99", AT_MOST, 30),
    Wanted("1,000 a second, ordered", Way.ROUTED, "p99", AT_MOST, 50),
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Runs in the order in which they were made, round by round."""

    conditions: Mapping[str, str]
    runs: Mapping[Scenario, Sequence[Result]]

    @property
    def goals(self) -> Iterator[Goal]:
        """Every goal whose scenario ran."""
        for scenario, results in self.runs.items():
            for title, way, figure, relation, value in GOALS:
                if (scenario.title, scenario.way) == (title, way):
                    seen = float(getattr(typical(results), figure))
                    yield Goal(f"{title}: {way.value}: {figure}", relation, value, seen)
        yield from self._isolation()

    def _isolation(self) -> Iterator[Goal]:
        """What a dead sink costs its neighbour, when it was measured with it and without."""
        found = {scenario.title: typical(runs) for scenario, runs in self.runs.items() if scenario.way is Way.ALONE}
        beside, alone = found.get(BESIDE_A_DEAD_SINK), found.get("1,000 a second, ordered")
        if beside is not None:
            yield Goal(f"{BESIDE_A_DEAD_SINK}: peak RSS in MB", AT_MOST, 200, beside.peak / 1e6)
        if beside is not None and alone is not None and beside.p99 is not None and alone.p99 is not None:
            yield Goal(f"{BESIDE_A_DEAD_SINK}: p99, times alone's", AT_MOST, 1.5, beside.p99 / alone.p99)

    def as_json(self) -> dict[str, Any]:
        """Every single measurement as plain JSON values."""
        return {
            "conditions": dict(self.conditions),
            "runs": [
                {"load": each.title, "who": each.way.value, "results": [asdict(result) for result in results]}
                for each, results in self.runs.items()
            ],
            "goals": [{**goal._asdict(), "holds": goal.holds} for goal in self.goals],
        }

    def render(self) -> Iterator[RenderableType]:
        """Medians for a person."""
        yield table(_CONDITIONS, self.conditions.items())
        yield table(_RUNS, [_run(scenario, results) for scenario, results in self.runs.items()])
        yield table(
            _GOALS,
            [
                (each.what, f"{each.relation} {each.wanted:,g}", f"{each.seen:,.2f}", "yes" if each.holds else "no")
                for each in self.goals
            ],
        )


def _run(scenario: Scenario, results: Sequence[Result]) -> tuple[str, ...]:
    run = typical(results)
    late = ("-", "-") if run.p50 is None else (f"{run.p50:.1f}", f"{run.p99:.1f}")
    cost = f"{run.cost:.2f}" if scenario.rate is None else "-"
    counts = (str(run.missing), str(run.doubled), str(run.out_of_order) if scenario.ordered else "-")
    figures = (f"{run.rate:,.0f}", cost, *late)
    return (scenario.title, scenario.way.value, str(len(results)), *figures, *counts, mebibytes(run.peak))
