"""How late records are at an agent that has nothing else to do."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.process import Usage


@dataclass(frozen=True, slots=True)
class Lateness:
    """From the call that published a record to the agent's first line; all times in milliseconds.

    Attributes:
        core: part of a core that the worker used.
        peak: its resident set's peak, bytes.
    """

    records: int
    p50: float
    p90: float
    p99: float
    longest: float
    core: float
    peak: int

    @classmethod
    def of(cls, seconds: Sequence[float], used: Usage, *, within: float) -> Lateness:
        """From the lateness of each record that came within so many seconds, in which so much was used."""
        late = sorted(1000 * each for each in seconds)

        def quantile(part: float) -> float:
            return late[min(len(late) - 1, int(part * len(late)))]

        share = used.cpu / within
        return cls(len(late), quantile(0.5), quantile(0.9), quantile(0.99), late[-1], share, used.peak)


def typical(runs: Sequence[Lateness]) -> Lateness:
    """The median of every figure by itself."""
    return Lateness(
        min(run.records for run in runs),
        median(run.p50 for run in runs),
        median(run.p90 for run in runs),
        median(run.p99 for run in runs),
        median(run.longest for run in runs),
        median(run.core for run in runs),
        int(median(run.peak for run in runs)),
    )
