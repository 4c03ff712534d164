from __future__ import annotations

from io import StringIO

from rich.console import Console

from bench.drain import Drain
from bench.process import Usage
from bench.transport.contestant import Contestant
from bench.transport.lateness import Lateness
from bench.transport.outcome import Outcome

OUTCOME = Outcome(
    {"machine": "2 cores"},
    {who: [Drain(1000, 0.01, Usage(0.02, 50 << 20))] for who in (Contestant.BARE_READ, Contestant.OURS_READ)},
    {Contestant.OURS_READ: [Lateness(100, 2.04, 4, 30, 40, 0.35, 80 << 20)]},
)


def test_a_person_gets_cost_per_event_and_every_goal_beside_what_was_seen() -> None:
    out = StringIO()
    console = Console(file=out, width=160)
    for part in OUTCOME.render():
        console.print(part)
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in out.getvalue().splitlines()]
    assert ["reflexarc, consume", "1", "1,000", "100,000", "20.0", "50,000", "50"] in rows
    assert ["reflexarc, consume", "1", "2.0", "4.0", "30.0", "40.0", "35", "80"] in rows
    assert ["reflexarc, consume, 1,000/s: p99, ms", "≤ 25", "30.00", "no"] in rows


def test_json_has_every_run_and_goal() -> None:
    told = OUTCOME.as_json()
    assert [{"events": 1000, "seconds": 0.01, "used": {"cpu": 0.02, "peak": 50 << 20}}] == told["backlog"][
        "reflexarc, consume"
    ]
    assert 5 == len(told["goals"])
