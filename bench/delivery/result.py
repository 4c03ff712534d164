"""One run of one scenario, counted by the receiver's own file."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median, quantiles
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.delivery.receiver import Arrival


@dataclass(frozen=True, slots=True)
class Result:
    """Attributes speak for themselves, but for these.

    Attributes:
        rate: events per second.
        cost: CPU seconds of all processes of ours per 10,000 events.
        peak: bytes of memory, the most that they ever had.
        missing: events that never arrived.
        doubled: arrivals beyond the first of an event.
        out_of_order: see ``receiver.out_of_order``.
        p50: milliseconds from the hand-over to Kafka's client to the arrival; None for a backlog.
        p99: the same.
    """

    rate: float
    cost: float
    peak: int
    missing: int
    doubled: int
    out_of_order: int
    p50: float | None = None
    p99: float | None = None


def latencies(handed: Sequence[int], arrived: Sequence[Arrival], *, warm: int = 2_000) -> tuple[float, float]:
    """Median and 99th percentile in milliseconds, without the first events."""
    first: dict[int, int] = {}
    for at, _, event in arrived:
        first.setdefault(event, at)
    times = [(first[event] - at) / 1e6 for event, at in enumerate(handed) if event >= warm and event in first]
    cuts = quantiles(times, n=100)
    return cuts[49], cuts[98]


def typical(results: Sequence[Result]) -> Result:
    """The median of each figure by itself, and the worst count."""
    p50s = [each.p50 for each in results if each.p50 is not None]
    p99s = [each.p99 for each in results if each.p99 is not None]
    return Result(
        median(each.rate for each in results),
        median(each.cost for each in results),
        max(each.peak for each in results),
        max(each.missing for each in results),
        max(each.doubled for each in results),
        max(each.out_of_order for each in results),
        median(p50s) if p50s else None,
        median(p99s) if p99s else None,
    )
