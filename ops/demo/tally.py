"""What was sent against what arrived: pure arithmetic over two journals."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from statistics import quantiles
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of one sink; latencies in milliseconds, None without any."""

    sink: str
    sent: int
    delivered: int
    lost: int
    duplicates: int
    p50: float | None
    p99: float | None


def tally(sink: str, sent: Mapping[str, float | None], received: Iterable[tuple[str, float]]) -> Tally:
    """Compare what was sent (name to time, seconds) with what a receiver wrote (name and time, in order).

    A time of None is not known, and counts for no latency.

    ``delivered`` counts the names that arrived at least once, ``duplicates`` the arrivals beyond the first. What
    arrived without having been sent is not counted here.
    """
    first: dict[str, float] = {}
    arrivals: Counter[str] = Counter()
    for name, at in received:
        if name in sent:
            arrivals[name] += 1
            first.setdefault(name, at)
    delays = [1000 * (at - then) for name, at in first.items() if (then := sent[name]) is not None]
    return Tally(
        sink=sink,
        sent=len(sent),
        delivered=len(first),
        lost=len(sent) - len(first),
        duplicates=arrivals.total() - len(first),
        p50=_percentile(delays, 50),
        p99=_percentile(delays, 99),
    )


def total(tallies: Iterable[Tally]) -> Tally:
    """The sum over sinks; without latencies, which do not add up."""
    rows = list(tallies)
    return Tally(
        sink="all",
        sent=sum(row.sent for row in rows),
        delivered=sum(row.delivered for row in rows),
        lost=sum(row.lost for row in rows),
        duplicates=sum(row.duplicates for row in rows),
        p50=None,
        p99=None,
    )


def _percentile(values: list[float], percent: int) -> float | None:
    if len(values) < 2:
        return values[0] if values else None
    return quantiles(values, n=100, method="inclusive")[percent - 1]
