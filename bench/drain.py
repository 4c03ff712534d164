"""How fast a process works off a backlog: its count and its CPU time, watched from the first event to the last."""

from __future__ import annotations

import time
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from bench.process import Meter, Usage
from schemas.errors import ReflexarcError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

LOOK = 0.02
START_WITHIN = 30.0


@dataclass(frozen=True, slots=True)
class Drain:
    """Processes, mostly one, over ``events`` events, from the first look that saw any to the look that saw the last."""

    events: int
    seconds: float
    used: Usage

    @property
    def rate(self) -> float:
        """Events per second."""
        return self.events / self.seconds

    @property
    def cost(self) -> float:
        """CPU seconds per 1,000 events."""
        return 1000 * self.used.cpu / self.events


def watch(count: Callable[[], int], *pids: int, target: int, within: float) -> Drain:
    """Watch processes until ``count`` reaches the target, or so many seconds after its first event.

    Raises:
        ReflexarcError: none began within half a minute.
    """
    deadline = time.monotonic() + START_WITHIN
    while not (first := count()):
        if time.monotonic() > deadline:
            raise ReflexarcError(f"process {pids[0]} has not moved one event in {START_WITHIN:.0f} s")
        time.sleep(LOOK)
    began, meter = time.monotonic(), Meter({"all": pids})
    number, now = first, began
    while number < target and now < began + within:
        time.sleep(LOOK)
        number, now = count(), time.monotonic()
    return Drain(number - first, now - began, meter.read()["all"])


def typical(runs: Sequence[Drain]) -> Drain:
    """The median of rate, of cost and of peak, each by itself, as one run over the smallest number of events."""
    events = min(run.events for run in runs)
    cpu = median(run.cost for run in runs) * events / 1000
    peak = median(run.used.peak for run in runs)
    return Drain(events, events / median(run.rate for run in runs), Usage(cpu, int(peak)))
