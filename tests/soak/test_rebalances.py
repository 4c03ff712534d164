"""The long form of the fault experiments of the transport: rows of ``build/figures/faults.md``."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from ops.demo.child import STOP_WITHIN
from tests.faults import experiment
from tests.faults.crew import Setting
from tests.faults.experiment import Experiment
from tests.faults.member import DRAIN
from tests.faults.row import note

if TYPE_CHECKING:
    from pathlib import Path

    from ops.dev.component import Status

pytestmark = [pytest.mark.stack, pytest.mark.soak, pytest.mark.timeout(1800)]

SESSION = 6.0
JOIN_KILL_LEAVE = "0 start w1, 5 start w2, 11 SIGKILL w1, 15 start w1, 19 SIGTERM w2, 22 start w3, 27 SIGTERM w3"
# The worker in which a delivery hangs is not the one that is left.
WITH_A_HANG = "0 start w1, 5 start w2, 11 SIGKILL w1, 15 start w1, 19 SIGTERM w2, 22 start w3, 27 SIGTERM w1"
KILLS, PAUSE = 26, 12.0
AT_LEAST = 20  # of them find events in flight: they come when chance says
CLASSIC = ("cooperative-sticky", "range")


def plans() -> list[Experiment]:
    found = []
    for strategy in (*CLASSIC, "consumer"):
        setting = Setting(strategy=strategy, session=SESSION)
        found.append(Experiment(name="join, SIGKILL, leave", plan=JOIN_KILL_LEAVE, setting=setting))
    for strategy in CLASSIC:
        setting = Setting(strategy=strategy, session=SESSION)
        hanging = Setting(strategy=strategy, session=SESSION, hang={"w1": (4000,)})
        found += [
            Experiment(
                name="SIGSTOP past the session",
                plan="0 start w1, 4 start w2, 9 SIGSTOP w1, 18 SIGCONT w1, 22 start w3, 27 SIGTERM w3",
                setting=setting,
            ),
            Experiment(
                name="three SIGKILLs in a drain",
                plan="0 start w1, 3 start w2, 7 SIGTERM w1, 7.4 SIGKILL w1, 10 start w1, 15 SIGTERM w2,"
                " 15.4 SIGKILL w2, 18 start w2, 24 SIGTERM w1, 24.4 SIGKILL w1",
                setting=setting,
            ),
            Experiment(name="a delivery hangs in one worker", plan=WITH_A_HANG, setting=hanging),
            Experiment(name="transactions, a tenth aborted", plan=JOIN_KILL_LEAVE, setting=setting, transactional=True),
        ]
    static = Setting(session=SESSION, static=True)
    found += [
        Experiment(name="static membership", plan=JOIN_KILL_LEAVE, setting=static),
        Experiment(
            name="SIGKILL of the broker, return",
            plan="0 start w1, 3 start w2, 9 SIGKILL broker, 14 start broker",
            setting=Setting(session=SESSION),
        ),
        Experiment(
            name="join and SIGKILL with a backlog",
            plan="0 start w1, 2 start w2, 5 start w3, 9 SIGKILL w1",
            setting=Setting(session=SESSION),
            rate=None,
        ),
    ]
    return found


def many_kills(seed: str) -> Experiment:
    """Three workers; one of them is killed and, once its session is over, started again, again and again."""
    chance = random.Random(seed)  # noqa: S311 - which process dies next is no secret
    steps = [f"0 start w{number}" for number in (1, 2, 3)]
    for number in range(KILLS):
        at, victim = 6 + number * PAUSE + chance.uniform(0.0, 2.0), f"w{chance.randint(1, 3)}"
        steps += [f"{at:.2f} SIGKILL {victim}", f"{at + 5:.2f} start {victim}"]
    rate = 150.0
    return Experiment(
        name=f"{KILLS} SIGKILLs of three workers",
        plan=", ".join(steps),
        events=int(rate * (KILLS + 1) * PAUSE),
        rate=rate,
        quiet=60.0,
    )


@pytest.mark.parametrize("wanted", plans(), ids=lambda each: f"{each.name}, {each.setting.strategy}")
def test_a_plan_loses_nothing_and_keeps_the_order_of_keys(
    stack: Status, state: Path, tmp_path: Path, prefix: str, wanted: Experiment
) -> None:
    outcome = check(wanted, stack, state, tmp_path, prefix)
    assert all(outcome.in_flight)


def test_many_kills_lose_nothing_and_keep_the_order_of_keys(
    stack: Status, state: Path, tmp_path: Path, prefix: str
) -> None:
    outcome = check(many_kills(prefix), stack, state, tmp_path, prefix)
    assert KILLS == len(outcome.in_flight)
    assert AT_LEAST <= sum(1 for hit in outcome.in_flight if hit)
    assert outcome.assignments >= 2 * KILLS


def check(wanted: Experiment, stack: Status, state: Path, folder: Path, topic: str) -> experiment.Outcome:
    outcome = experiment.run(wanted, stack, state, folder, topic)
    note(wanted, outcome)
    counts = outcome.tally
    assert (0, 0, 0) == (counts.lost, counts.out_of_order, counts.aborted_seen)
    assert ({}, []) == (outcome.uncommitted, outcome.crashed)
    assert outcome.slowest_exit < STOP_WITHIN, "a worker had to be killed"
    assert outcome.drain < DRAIN + 1 or "SIGSTOP" in wanted.plan
    return outcome
