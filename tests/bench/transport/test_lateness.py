from __future__ import annotations

import pytest

from bench.process import Usage
from bench.transport.lateness import Lateness, typical


def test_lateness_has_quantiles_in_milliseconds_and_the_part_of_a_core() -> None:
    late = Lateness.of([number / 1000 for number in range(100, 0, -1)], Usage(0.5, 7), within=2.0)
    assert (100, 7, 0.25) == (late.records, late.peak, late.core)
    assert [51, 91, 100, 100] == pytest.approx([late.p50, late.p90, late.p99, late.longest])


def test_the_typical_run_has_the_median_of_every_figure() -> None:
    run = typical(
        [Lateness(10, 1, 9, 3, 4, 0.5, 6), Lateness(12, 2, 8, 5, 6, 0.1, 8), Lateness(11, 3, 7, 4, 5, 0.3, 7)]
    )
    assert Lateness(10, 2, 8, 4, 5, 0.3, 7) == run
