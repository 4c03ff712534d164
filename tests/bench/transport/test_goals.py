from __future__ import annotations

from bench.drain import Drain
from bench.process import Usage
from bench.transport.contestant import Contestant
from bench.transport.goals import AT_LEAST, AT_MOST, Goal, goals, ratio
from bench.transport.lateness import Lateness


def run(rate: float, cpu: float = 1.0) -> Drain:
    return Drain(1000, 1000 / rate, Usage(cpu, 0))


def test_a_ratio_is_the_median_over_neighbours_not_the_ratio_of_medians() -> None:
    ours, theirs = [run(100), run(10), run(50)], [run(10), run(5), run(25)]
    assert 2.0 == ratio(ours, theirs, lambda one: one.rate)


def test_only_goals_whose_contestants_ran_are_told() -> None:
    drains = {Contestant.OURS_READ: [run(500, 0.1)], Contestant.BARE_READ: [run(1000, 0.02)]}
    found = [(goal.seen, goal.holds) for goal in goals(drains, {})]
    assert [(0.5, True), (0.2, False)] == found


def test_lateness_has_upper_bounds() -> None:
    late = Lateness(100, p50=2.0, p90=5.0, p99=30.0, longest=40.0, core=0.3, peak=0)
    found = [(goal.wanted, goal.seen, goal.holds) for goal in goals({}, {Contestant.OURS_FORWARD: [late]})]
    assert [(3.0, 2.0, True), (25.0, 30.0, False), (0.4, 0.3, True)] == found


def test_a_goal_met_exactly_holds() -> None:
    assert Goal("speed", AT_LEAST, 10, 10).holds
    assert Goal("delay", AT_MOST, 3, 3).holds
