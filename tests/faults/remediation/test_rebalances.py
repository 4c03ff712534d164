"""A task that takes longer than its worker lives: whoever has the partition by then sees it to its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.flow import wait

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager

    from ops.demo.child import Child
    from tests.faults.remediation.world import World

    Begin = Callable[..., AbstractContextManager[World]]

pytestmark = pytest.mark.stack

MACHINES = 8


@pytest.mark.parametrize(
    "seconds", [40, pytest.param(20 * 60, marks=pytest.mark.soak)], ids=["short", "twenty minutes"]
)
def test_a_long_task_survives_three_rebalances_and_a_kill(begin: Begin, seconds: int) -> None:
    with begin(task=1000 * seconds) as world:
        world.start_all("router", "deliver", "decide")
        workers = [world.start("execute", "first")]
        events = world.ask("snapshot", [f"vc1:DC0_C0_RP0_VM{number}" for number in range(MACHINES)])
        wait(lambda: all("started" in world.steps(event) for event in events))
        for times, name in enumerate(("second", "third", "fourth"), 1):
            workers.append(world.start("execute", name))
            wait(lambda times=times: resumed(workers) >= times * MACHINES)  # type: ignore[misc]
        workers[0].kill()
        assert {} == world.finals(), "the tasks were over before their workers were"
        wait(lambda: set(events) <= world.finals().keys(), within=seconds + 90.0)
        machines = world.govc("vc1").read_all("VirtualMachine", "snapshot")
        told = [step for event in events for step in world.steps(event)]
    assert MACHINES == sum(bool(machine.get("snapshot")) for machine in machines)
    assert (MACHINES, MACHINES) == (told.count("started"), told.count("succeeded"))


def resumed(workers: Sequence[Child]) -> int:
    """How often a worker has gone on with an action that another one, or itself, had begun."""
    return sum(worker.log.read_text().count("goes on: begun") for worker in workers)
