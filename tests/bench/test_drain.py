from __future__ import annotations

import os

from bench.drain import Drain, typical, watch
from bench.process import Usage


def test_a_drain_is_counted_from_the_first_event_seen_to_the_target() -> None:
    counts = iter([0, 0, 10, 60, 110])
    drain = watch(lambda: next(counts), os.getpid(), target=110, within=30)
    assert 100 == drain.events
    assert drain.seconds > 0


def test_the_typical_run_has_the_medians_of_rate_and_cost() -> None:
    runs = [Drain(100, seconds, Usage(cpu, 5)) for seconds, cpu in ((1.0, 0.3), (2.0, 0.1), (4.0, 0.2))]
    run = typical(runs)
    assert (50.0, 2.0, 5) == (run.rate, run.cost, run.used.peak)
