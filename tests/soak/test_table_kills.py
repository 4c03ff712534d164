"""The long form of the table kills: one of three workers, again and again, 5,000 keys."""

from __future__ import annotations

import random
import sys
from typing import TYPE_CHECKING

import pytest

from tests.faults.crew import Setting
from tests.faults.experiment import Experiment
from tests.faults.row import note
from tests.faults.tables import audit
from tests.faults.tables.audit import Against

if TYPE_CHECKING:
    from pathlib import Path

    from ops.dev.component import Status

pytestmark = [pytest.mark.stack, pytest.mark.soak]

KILLS = 10
KEYS = 5_000
RATE = 400.0
WORKERS = ("w1", "w2", "w3")
TRUE = Against(lost=0, wrong=0)


@pytest.mark.parametrize("static", [False, True], ids=["anonymous", "static"])
def test_a_table_survives_many_kills(stack: Status, state: Path, tmp_path: Path, prefix: str, *, static: bool) -> None:
    plan, seconds = kills(prefix)
    wanted = Experiment(
        name=f"table, SIGKILL {KILLS} times",
        plan=plan,
        setting=Setting(static=static),
        events=round(RATE * seconds),
        rate=RATE,
        keys=KEYS,
    )
    found = audit.run(wanted, stack, state, tmp_path, prefix)
    note(wanted, found.outcome)
    sys.stderr.write(f"{plan}\n{found}\n")
    assert (KEYS, TRUE, TRUE) == (found.keys, found.recovered, found.changelog)
    assert (0, {}, []) == (found.outcome.tally.lost, found.outcome.uncommitted, found.outcome.crashed)
    assert all(found.interrupted)
    assert sum(map(bool, found.undone)) > KILLS / 2
    assert found.records < found.changes


def kills(seed: str) -> tuple[str, float]:
    """A plan, and how long it takes: who is killed comes back within its session of 3 s, or after it."""
    chance, at = random.Random(seed), 5.0  # noqa: S311 - no secret
    steps = [f"0 start {name}" for name in WORKERS]
    for _ in range(KILLS):
        name = chance.choice(WORKERS)
        steps += [f"{at:.1f} SIGKILL {name}", f"{at + chance.choice((0.5, 1.5, 5.0)):.1f} start {name}"]
        at += chance.uniform(10.0, 14.0)
    return ", ".join(steps), at
