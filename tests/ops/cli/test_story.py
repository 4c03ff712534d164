"""One action from the event to its end, as the commands of the operator's room tell it; every role is real."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from ops.actor import person
from tests.faults.remediation.world import World
from tests.support.vcenter import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ops.dev.component import Status
    from tests.ops.cli.conftest import Outcome

    Command = Callable[..., Outcome]

pytestmark = pytest.mark.stack

MACHINE = "DC0_C0_RP0_VM0"
SINKS = {"attribute": {"action": "custom-attribute", "approval": "always", "vcenters": ["vc1"]}}


def printed(reflexarc: Command, *arguments: str) -> Any:
    outcome = reflexarc(*arguments, "--json")
    assert 0 == outcome.code, outcome.err
    return json.loads(outcome.out)


def test_what_was_approved_is_done_and_its_story_is_told(
    tmp_path: Path, stack: Status, prefix: str, reflexarc: Command
) -> None:
    """Asked for, parked, approved, started, succeeded: with who, what, and the task of the vCenter."""
    key = tmp_path / "answer.key"
    key.write_text("a-line-that-is-long-enough-to-be-a-key-0123456789")
    name = f"t-{prefix}"
    sinks = {"attribute": SINKS["attribute"] | {"parameters": {"attribute": name, "value": "seen", "create": True}}}
    with World(tmp_path, stack, prefix, sinks=sinks, limits={"answer_key_file": str(key)}) as world:
        for role in ("router", "deliver", "decide", "execute"):
            world.start(role)
        (event,) = world.ask("attribute", [MACHINE])
        wait_for(lambda: printed(reflexarc, "remediation", "pending"))
        (waiting,) = printed(reflexarc, "remediation", "pending")
        assert (event, MACHINE) == (waiting["cause"]["id"], waiting["target"]["name"])
        assert 0 == reflexarc("remediation", "approve", waiting["id"], "--within", "60s").code
        wait_for(lambda: world.finals() == {event: ["succeeded"]})

        story = printed(reflexarc, "remediation", "show", waiting["id"])
        steps = {each["step"]: each for each in story["steps"]}
        assert ["requested", "parked", "approved", "started", "succeeded"] == list(steps)
        assert (person(), "sink/attribute") == (steps["approved"]["approver"], story["requester"])
        assert name in " ".join(steps["started"]["changes"])
        text = reflexarc("remediation", "show", waiting["id"]).out
        assert ["requested", "parked", "approved", "started", "succeeded"] == [
            line.split()[1] for line in text.splitlines() if line.startswith("20")
        ]
        lines = reflexarc("audit", "--entity", MACHINE, "--actor", person()).out.splitlines()
        assert ["remediation.approved"] == [line.split()[1] for line in lines]
