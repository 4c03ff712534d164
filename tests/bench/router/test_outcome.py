from __future__ import annotations

from io import StringIO

from rich.console import Console

from bench.drain import Drain
from bench.process import Usage
from bench.router.goals import BARE
from bench.router.memory import Memory
from bench.router.outcome import Outcome
from bench.router.scenario import ONE

OUTCOME = Outcome(
    {"machine": "2 cores"},
    {title: [Drain(1000, 0.01, Usage(0.02, 50 << 20))] for title in (ONE, BARE)},
    Memory(1_000_000, 20.0, (80 << 20, 81 << 20, 82 << 20), 90 << 20),
)


def test_a_person_gets_cost_per_event_memory_and_every_goal_beside_what_was_seen() -> None:
    out = StringIO()
    console = Console(file=out, width=160)
    for part in OUTCOME.render():
        console.print(part)
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in out.getvalue().splitlines()]
    assert [ONE, "1", "1,000", "100,000", "20.0", "50,000", "50"] in rows
    assert ["1,000,000", "20", "80.0", "81.0", "82.0", "90.0"] in rows
    assert ["all match: events/s against the bare library", "≥ 0.6", "1.00", "yes"] in rows


def test_json_has_every_run_and_goal() -> None:
    told = OUTCOME.as_json()
    assert [{"events": 1000, "seconds": 0.01, "used": {"cpu": 0.02, "peak": 50 << 20}}] == told["backlog"][ONE]
    assert 3 == len(told["goals"])
    assert 20.0 == told["memory"]["seconds"]
