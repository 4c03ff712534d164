from __future__ import annotations

from io import StringIO

from rich.console import Console

from bench.webhook.load import Answered
from bench.webhook.outcome import Outcome, Run
from bench.webhook.scenario import Scenario, Who

OURS = Run(Answered(700.0, 4.0, 14.0, 1000, 0), 1000, 0.2, 50 << 20)
BARE = Run(Answered(1000.0, 3.0, 9.0, 2000, 0), 2000, 0.2, 40 << 20)
OUTCOME = Outcome(
    {"machine": "2 cores"},
    {
        Scenario(Who.OURS, 1): [OURS],
        Scenario(Who.BARE, 1): [BARE],
        Scenario(Who.OURS, 32): [OURS._replace(stored=990)],
        Scenario(Who.BARE, 32): [BARE],
        Scenario(Who.OURS, 256, 2): [OURS],
        Scenario(Who.BARE, 256, 2): [BARE],
    },
)


def test_a_person_gets_speed_cost_and_every_goal_beside_what_was_seen() -> None:
    """An event that was accepted and is not in Kafka is a goal missed, however fast it was."""
    out = StringIO()
    console = Console(file=out, width=160)
    for part in OUTCOME.render():
        console.print(part)
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in out.getvalue().splitlines()]
    assert ["32", "1", Who.OURS.value, "1", "700", "0.70", "2.00", "4.0", "14.0", "0", "50"] in rows
    assert ["32 connections: requests/s against bare", "≥ 0.7", "0.70", "yes"] in rows
    assert ["32 connections: p99, ms", "≤ 15", "14.00", "yes"] in rows
    assert ["one connection: p50, ms", "≤ 5", "4.00", "yes"] in rows
    assert ["256", "2", Who.OURS.value, "1", "700", "0.70", "2.00", "4.0", "14.0", "0", "50"] in rows
    assert ["256 connections, 2 processes: accepted and not stored", "≤ 0", "0.00", "yes"] in rows
    assert ["32 connections: accepted and not stored", "≤ 0", "10.00", "no"] in rows


def test_json_has_every_run_and_goal() -> None:
    """Figures of the senders and of the server are in one object."""
    told = OUTCOME.as_json()
    assert 6 == len(told["runs"])
    assert {"rate": 700.0, "stored": 1000, "cpu": 0.2}.items() <= told["runs"][0]["results"][0].items()
    assert 6 == len(told["goals"])


def test_without_the_bare_handler_there_is_nothing_to_compare_with() -> None:
    """What did not run has no goal."""
    alone = Outcome({}, {Scenario(Who.OURS, 32): [OURS]})
    assert alone.of_bare(Scenario(Who.OURS, 32)) is None
    assert 2 == len(list(alone.goals))
