"""SIGKILL of whoever decides and whoever acts: every action takes effect once, every event has one end."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from tests.faults.remediation.experiment import run
from tests.support.flow import wait

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from tests.faults.remediation.world import World

    Begin = Callable[..., AbstractContextManager[World]]

pytestmark = pytest.mark.stack

SNAPSHOT = "vc1:DC0_C0_RP0_VM0"


@pytest.mark.parametrize(
    ("actions", "kills"), [(36, 6), pytest.param(200, 50, marks=pytest.mark.soak)], ids=["short", "long"]
)
def test_every_action_takes_effect_once_and_every_event_has_one_end(begin: Begin, actions: int, kills: int) -> None:
    with begin() as world:
        result = run(world, actions=actions, kills=kills, seed=actions)
    assert kills == len(result.struck)
    assert min(result.struck) > 0
    assert {} == result.without_one_end
    assert {} == result.doubled
    assert [] == result.missing
    assert Counter(succeeded=actions) == result.ends()


def test_an_executor_that_skips_the_journal_would_be_seen(begin: Begin) -> None:
    with begin() as world:
        result = run(world, actions=16, kills=2, seed=1, mutant="skip-the-journal", victims=("execute",))
    assert result.doubled or result.without_one_end


def approved(begin: Begin, mutant: str = "") -> Counter[str]:
    """Verdicts on twelve events under a limit of four, with the decider killed in between."""
    limits = {"blast_radius": [{"per": "vcenter", "actions": 4, "within": "1h"}]}
    with begin(task=0, limits=limits) as world:
        world.start_all("router", "deliver", "execute")
        for turn in range(3):
            decider = world.start("decide", mutant=mutant)
            events = world.ask("snapshot", [f"vc1:DC0_C0_RP0_VM{4 * turn + number}" for number in range(4)])
            wait(lambda events=events: set(events) <= world.finals().keys())  # type: ignore[misc]
            decider.kill()
        return Counter(step for steps in world.finals().values() for step in steps)


def test_a_limit_holds_over_kills_of_the_decider(begin: Begin) -> None:
    assert Counter(succeeded=4, refused=8) == approved(begin)


def test_a_decider_that_begins_with_nothing_would_be_seen(begin: Begin) -> None:
    assert Counter(succeeded=12) == approved(begin, "decide-anew")


def after_a_kill(begin: Begin, mutant: str, sink: str) -> tuple[list[str], dict[str, Any]]:
    """Steps of one action whose executor was killed where the mutant stands still, and what the vCenter has of it."""
    with begin(task=500) as world:
        world.start_all("router", "deliver", "decide")
        victim = world.start("execute", mutant=mutant)
        (event,) = world.ask(sink, [SNAPSHOT])
        wait(lambda: "standing still" in victim.log.read_text())
        victim.kill()
        before = world.steps(event)
        world.start("execute")
        wait(lambda: event in world.finals())
        machines = world.govc("vc1").read_all("VirtualMachine", "name", "snapshot")
        taken = sum(bool(machine.get("snapshot")) for machine in machines)
        off = sum("VM0 on" in message and "is powered off" in message for message in world.govc("vc1").messages())
        assert ["requested", "approved", "started"] == before
        return world.steps(event)[3:], {"snapshots": taken, "resets": off}


def test_what_was_asked_for_is_found_by_its_task(begin: Begin) -> None:
    assert (["succeeded"], {"snapshots": 0, "resets": 1}) == after_a_kill(begin, "halt-after-the-call", "reset")


def test_what_can_be_told_by_the_state_is_asked_for_after_all(begin: Begin) -> None:
    steps, found = after_a_kill(begin, "halt-before-the-call", "snapshot")
    assert (["started", "succeeded"], {"snapshots": 1, "resets": 0}) == (steps, found)


def test_what_nothing_proves_is_unknown_and_not_repeated(begin: Begin) -> None:
    assert (["unknown"], {"snapshots": 0, "resets": 0}) == after_a_kill(begin, "halt-before-the-call", "reset")
