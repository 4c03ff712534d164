"""How the bench tells what it measured: tables that are Markdown too, or JSON."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from statistics import median
from typing import TYPE_CHECKING, Any, Protocol

import orjson
from rich import box
from rich.console import Console
from rich.table import Table

from ops.cli.failures import problem_line
from schemas.errors import ConfigError, ReflexarcError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from rich.console import RenderableType

    from bench.drain import Drain
    from bench.hops import Hops
    from bench.journey import Trip

_CONDITIONS = ("condition", "")
_TRIPS = ("whole way", "events", "posted in s", "all there after s", "events/s", "p50 ms", "p99 ms", "lost", "doubled")
_COSTS = ("process", "CPU s per 1,000, steady", "CPU s per 1,000, burst", "peak RSS MiB")
_HOPS = ("hop alone", "events", "events/s", "CPU s per 1,000", "events per CPU s", "peak RSS MiB")


class Told(Protocol):
    """What a bench has measured."""

    def as_json(self) -> dict[str, Any]:
        """Every single measurement as plain JSON values."""

    def render(self) -> Iterator[RenderableType]:
        """The same for a person."""


def say(line: str) -> None:
    """How far it is, for who waits."""
    sys.stderr.write(f"· {line}\n")


def paper() -> Console:
    """What tables are printed on."""
    return Console(width=None if sys.stdout.isatty() else 160)


@contextmanager
def excused() -> Iterator[None]:
    """Measure inside; exits with what kept it from being measured."""
    try:
        yield
    except ConfigError as error:
        sys.exit("\n".join(problem_line(error.source, problem) for problem in error.problems))
    except ReflexarcError as error:
        sys.exit(f"bench: {error}")


def tell(measure: Callable[[], Told], *, as_json: bool) -> None:
    """Measure and print; exits with what kept it from being measured."""
    with excused():
        outcome = measure()
    if as_json:
        sys.stdout.write(orjson.dumps(outcome.as_json(), option=orjson.OPT_INDENT_2).decode() + "\n")
        return
    console = paper()
    for part in outcome.render():
        console.print(part)


@dataclass(frozen=True, slots=True)
class Outcome:
    """All of one run."""

    steady: Trip
    bursts: tuple[Trip, ...]
    hops: Hops
    conditions: Mapping[str, str]

    def as_json(self) -> dict[str, Any]:
        """Every single measurement as plain JSON values: seconds, bytes, milliseconds."""
        return {
            "conditions": dict(self.conditions),
            "steady": asdict(self.steady),
            "bursts": [asdict(burst) for burst in self.bursts],
            "hops": {**asdict(self.hops), "speed": self.hops.speed, "cost": self.hops.cost},
        }

    def render(self) -> Iterator[RenderableType]:
        """Medians for a person."""
        yield table(_CONDITIONS, self.conditions.items())
        yield table(_TRIPS, [_trip("steady", [self.steady]), _trip(f"burst, {len(self.bursts)} runs", self.bursts)])
        yield table(_COSTS, self._costs())
        yield table(_HOPS, [_hop(*row) for row in self.hops.medians().items()])
        yield f"router against the bare library: {self.hops.speed:.2f} of its speed, {self.hops.cost:.1f} times its CPU"

    def _costs(self) -> Iterator[tuple[str, ...]]:
        for name in self.steady.used:
            burst = median(_cost(trip, name) for trip in self.bursts)
            peak = max(trip.used[name].peak for trip in (self.steady, *self.bursts))
            yield name, f"{_cost(self.steady, name):.2f}", f"{burst:.2f}", mebibytes(peak)


def _trip(name: str, trips: Sequence[Trip]) -> tuple[str, ...]:
    def typical(figure: Callable[[Trip], float | None]) -> float:
        return median(value for trip in trips if (value := figure(trip)) is not None)

    return (
        name,
        str(min(trip.tally.sent for trip in trips)),
        f"{typical(lambda trip: trip.posting):.1f}",
        f"{typical(lambda trip: trip.seconds):.1f}",
        f"{typical(lambda trip: trip.rate):,.0f}",
        f"{typical(lambda trip: trip.tally.p50):,.0f}",
        f"{typical(lambda trip: trip.tally.p99):,.0f}",
        str(sum(trip.tally.lost for trip in trips)),
        str(sum(trip.tally.duplicates for trip in trips)),
    )


def _hop(name: str, run: Drain) -> tuple[str, ...]:
    per_cpu_second = f"{1000 / run.cost:,.0f}"
    return name, str(run.events), f"{run.rate:,.0f}", f"{run.cost:.3f}", per_cpu_second, mebibytes(run.used.peak)


def _cost(trip: Trip, process: str) -> float:
    return 1000 * trip.used[process].cpu / trip.tally.sent


def mebibytes(count: int) -> str:
    """For a cell."""
    return f"{count / (1 << 20):.0f}"


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    """A table for a person that is Markdown too."""
    made = Table(*columns, box=box.MARKDOWN)
    for row in rows:
        made.add_row(*row)
    return made
