"""Far more alarms than may be acted on: so many actions as the limits say, and what is urgent does not wait."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.support.flow import wait

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from tests.faults.remediation.world import World

    Begin = Callable[..., AbstractContextManager[World]]

pytestmark = pytest.mark.stack

ALLOWED = 5
SINKS = {
    "alarmed": {"action": "snapshot", "approval": "never"},
    "quarantine": {"action": "disconnect-vnic", "approval": "never"},
}
LIMITS = {
    "cool_down": "10m",
    "blast_radius": [{"per": "cluster", "actions": ALLOWED, "within": "1h"}],
}


@pytest.mark.parametrize(
    ("machines", "each"), [(100, 10), pytest.param(500, 10, marks=pytest.mark.soak)], ids=["short", "long"]
)
def test_a_storm_brings_so_many_actions_as_are_allowed_and_a_reason_for_each_other(
    begin: Begin, machines: int, each: int
) -> None:
    with begin(task=0, machines=machines, sinks=SINKS, limits=LIMITS) as world:
        govc = world.govc("vc1")
        known = [(each["moref"], each["name"]) for each in govc.read_all("VirtualMachine", "name")]
        world.start_all("router", "deliver", "decide", "execute")
        alarms = world.alarm("vc1", known * (each // 2))
        (urgent,) = world.ask("quarantine", [f"vc1:{known[-1][1]}"])
        alarms += world.alarm("vc1", known * (each - each // 2))
        wait(lambda: len(world.finals()) == len(alarms) + 1, within=600.0)
        heard = world.audit()
        taken = sum(bool(machine.get("snapshot")) for machine in govc.read_all("VirtualMachine", "snapshot"))
    verdicts = [(event, step) for event, step, _ in heard if step in {"approved", "refused"}]
    reasons = {data["rule"] for event, step, data in heard if step == "refused"}
    assert machines == len(known)
    assert {"approved": ALLOWED + 1, "refused": len(alarms) - ALLOWED} == Counter(step for _, step in verdicts)
    assert ALLOWED == taken
    assert {"blast-radius", "cool-down"} == reasons
    assert all(data["reason"] for _, step, data in heard if step == "refused")
    place = [event for event, _ in verdicts].index(urgent)
    assert place < len(verdicts) - 1, "nothing was left to wait when it was decided"
