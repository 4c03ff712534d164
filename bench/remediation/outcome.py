"""All of one run of this bench, for a person or as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bench.report import mebibytes, table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rich.console import RenderableType

    from bench.remediation.pure import Pure
    from bench.remediation.role import Backlog, Steady
    from bench.remediation.storm import Storm


@dataclass(frozen=True, slots=True)
class Outcome:
    """Runs in the order in which they were made; the storm is played once."""

    conditions: Mapping[str, str]
    pure: Sequence[Pure]
    roles: Sequence[tuple[Backlog, Steady]]
    storm: Storm

    def as_json(self) -> dict[str, Any]:
        """Every single measurement as plain JSON values: seconds, milliseconds, bytes."""
        return {
            "conditions": dict(self.conditions),
            "pure": [run._asdict() for run in self.pure],
            "backlog": [backlog._asdict() for backlog, _ in self.roles],
            "steady": [steady._asdict() for _, steady in self.roles],
            "storm": self.storm._asdict(),
        }

    def render(self) -> Iterator[RenderableType]:
        """For a person."""
        yield table(("condition", ""), self.conditions.items())
        yield table(
            ("guardrails alone", "requests", "decisions/s", "approved"),
            [("", f"{run.decided:,}", f"{run.decided / run.seconds:,.0f}", str(run.approved)) for run in self.pure],
        )
        yield table(
            ("backlog", "requests", "decisions/s", "CPU s per 1,000", "urgent one after ms", "RSS MiB before", "after"),
            [
                (
                    "",
                    f"{run.decided:,}",
                    f"{run.decided / run.seconds:,.0f}",
                    f"{1000 * run.cpu / run.decided:.2f}",
                    f"{run.urgent:.0f}",
                    mebibytes(run.before),
                    mebibytes(run.after),
                )
                for run, _ in self.roles
            ],
        )
        yield table(
            ("steady", "requests/s", "p50 ms", "p99 ms"),
            [("", f"{run.rate:,}", f"{run.p50:.1f}", f"{run.p99:.1f}") for _, run in self.roles],
        )
        storm = self.storm
        yield table(
            ("storm, whole way", ""),
            [
                ("alarms, of 500 machines in 10 s", f"{storm.alarms:,}"),
                ("actions approved (5 per minute)", str(storm.approved)),
                ("last decision after the last alarm, s", f"{storm.behind:.1f}"),
                ("quarantine in the middle: decided after ms", f"{storm.urgent:.0f}"),
                *(
                    (f"{role}: CPU s; RSS MiB before, after", f"{storm.cpu[role]:.1f}; {mebibytes(a)}, {mebibytes(b)}")
                    for role, (a, b) in storm.memory.items()
                ),
            ],
        )
