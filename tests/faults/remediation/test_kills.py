"""SIGKILL of whoever decides and whoever acts: every action takes effect once, every event has one end."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.faults.remediation.experiment import OFF, run
from tests.support.flow import wait

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from tests.faults.remediation.world import World

    Begin = Callable[..., AbstractContextManager[World]]

pytestmark = pytest.mark.stack


@pytest.mark.parametrize(
    ("actions", "kills"), [(24, 4), pytest.param(200, 50, marks=pytest.mark.soak)], ids=["short", "long"]
)
def test_every_action_takes_effect_once_and_every_event_has_one_end(begin: Begin, actions: int, kills: int) -> None:
    with begin() as world:
        result = run(world, actions=actions, kills=kills, seed=actions)
    assert kills == len(result.struck)
    assert min(result.struck) > 0
    assert {} == result.without_one_end
    assert {} == result.doubled
    assert [] == result.missing
    assert {"succeeded"} <= result.ends().keys() <= {"succeeded", "unknown"}, result.reasons
    assert {"reset"} >= {result.asked[event][0] for event in result.unknown}, "its state would have told"
    assert kills >= len(result.unknown)


def test_an_executor_that_skips_the_journal_would_be_seen(begin: Begin) -> None:
    with begin() as world:
        result = run(world, actions=12, kills=2, seed=1, mutant="skip-the-journal", victims=("execute",))
    assert result.doubled or result.without_one_end


def approved(begin: Begin, mutant: str = "") -> Counter[str]:
    """Ends of eight events under a limit of three, with the decider killed in between."""
    limits = {"blast_radius": [{"per": "vcenter", "actions": 3, "within": "1h"}]}
    with begin(task=0, limits=limits) as world:
        world.start_all("router", "deliver", "execute")
        for turn in range(2):
            decider = world.start("decide", mutant=mutant)
            events = world.ask("snapshot", [f"vc1:DC0_C0_RP0_VM{4 * turn + number}" for number in range(4)])
            wait(lambda events=events: set(events) <= world.finals().keys())  # type: ignore[misc]
            decider.kill()
        return Counter(step for steps in world.finals().values() for step in steps)


def test_a_limit_holds_over_a_kill_of_the_decider(begin: Begin) -> None:
    assert Counter(succeeded=3, refused=5) == approved(begin)


def test_a_decider_that_begins_with_nothing_would_be_seen(begin: Begin) -> None:
    assert Counter(succeeded=6, refused=2) == approved(begin, "decide-anew")


STRUCK = {
    # Where the executor is killed, what it does, what comes after; and how many snapshots and resets there are then.
    "DC0_C0_RP0_VM0": ("halt-after-the-call", "reset", ["succeeded"], (0, 1)),
    "DC0_C0_RP0_VM1": ("halt-before-the-call", "snapshot", ["started", "succeeded"], (1, 0)),
    "DC0_C0_RP0_VM2": ("halt-before-the-call", "reset", ["unknown"], (0, 0)),
    "DC0_C0_RP0_VM3": ("halt-after-the-call", "snapshot", ["succeeded"], (1, 0)),
}


def test_what_was_asked_for_is_found_or_told_by_the_state_or_unknown(begin: Begin) -> None:
    with begin(task=500) as world:
        world.start_all("router", "deliver", "decide")
        found = {}
        for machine, (mutant, sink, _, _) in STRUCK.items():
            victim = world.start("execute", mutant=mutant)
            before = victim.log.read_text().count("standing still")
            (event,) = world.ask(sink, [f"vc1:{machine}"])
            wait(lambda: victim.log.read_text().count("standing still") > before)  # noqa: B023 - waits at once
            victim.kill()
            assert ["requested", "approved", "started"] == world.steps(event)
            survivor = world.start("execute")
            wait(lambda: event in world.finals())  # noqa: B023 - likewise
            survivor.stop()
            found[machine] = world.steps(event)[3:]
        govc = world.govc("vc1")
        taken = {
            each["name"]: bool(each.get("snapshot")) for each in govc.read_all("VirtualMachine", "name", "snapshot")
        }
        off = Counter(match[1] for message in govc.messages() if (match := OFF.match(message)))
    assert {machine: steps for machine, (_, _, steps, _) in STRUCK.items()} == found
    assert {machine: did for machine, (_, _, _, did) in STRUCK.items()} == {
        machine: (taken[machine], off[machine]) for machine in STRUCK
    }
