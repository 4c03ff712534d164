from __future__ import annotations

from bench.drain import Drain
from bench.process import Usage
from bench.router.goals import BARE, goals, sharing
from bench.router.memory import Memory
from bench.router.scenario import MANY, ONE, SELECTIVE


def run(rate: float, cpu: float = 1.0) -> Drain:
    return Drain(1000, 1000 / rate, Usage(cpu, 0))


def test_only_goals_whose_runs_were_made_are_told() -> None:
    found = [(goal.seen, goal.holds) for goal in goals({ONE: [run(700, 0.2)], BARE: [run(1000, 0.1)]}, None)]
    assert [(0.7, True), (0.5, False)] == found


def test_cost_has_upper_bounds() -> None:
    drains = {
        ONE: [run(1, 0.1)],
        MANY: [run(1, 0.2)],
        sharing(1): [run(1, 0.1)],
        sharing(2): [run(1, 0.125)],
    }
    found = [(goal.wanted, goal.seen, goal.holds) for goal in goals(drains, None)]
    assert [(1.15, 2.0, False), (1.3, 1.25, True)] == found


def test_what_is_read_when_little_matches_is_the_median() -> None:
    (goal,) = goals({SELECTIVE: [run(50_000), run(70_000), run(61_000)]}, None)
    assert (61_000, True) == (round(goal.seen), goal.holds)


def test_memory_may_grow_by_a_twentieth() -> None:
    (goal,) = goals({}, Memory(10, 1.0, (100.0, 105.0, 106.0), 107))
    assert (1.06, False) == (goal.seen, goal.holds)
