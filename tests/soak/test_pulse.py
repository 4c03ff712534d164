from __future__ import annotations

from tests.soak.pulse import Pulse, growth, p50, p99, thirds


def pulses(*resident: int, lateness: tuple[float, ...] = ()) -> list[Pulse]:
    return [Pulse(0.0, each, 0, 0, 0, 0, 0, list(lateness)) for each in resident]


def test_each_third_is_its_median() -> None:
    assert (1, 5, 9) == thirds(pulses(1, 1, 7, 5, 5, 2, 9, 9, 100))


def test_growth_is_the_last_third_over_the_first() -> None:
    assert 0.5 == growth(pulses(2, 2, 9, 9, 3, 3))


def test_lateness_is_that_of_all_events_together() -> None:
    told = pulses(1, lateness=(0.001,) * 97) + pulses(1, lateness=(0.5, 0.5, 0.5))
    assert (0.001, 0.5) == (p50(told), p99(told))
