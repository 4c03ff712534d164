"""Until when a machine is wanted, as its extra configuration says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError
from pyVmomi import vim

from clients.vsphere import ownership
from schemas.errors import Reject
from sinks.vsphere.actions.lease import Lease
from sinks.vsphere.parameters.lease import LeaseParameters
from tests.sinks.vsphere.acting import about
from tests.sinks.vsphere.actions.looking import lease
from tests.support.machine import finish, reconfigure

if TYPE_CHECKING:
    from clients.vsphere.target import Target
    from sinks.vsphere.actions import Plan
    from tests.support.govc import Govc

pytestmark = pytest.mark.stack

SOON, LATER = "2026-12-24T18:00:00Z", "2027-01-06T18:00:00Z"


def action(until: str = LATER, owner: str = "") -> Lease:
    return Lease(LeaseParameters(lease=until, owner=owner))


def write(machine: Target, key: str, value: str) -> None:
    reconfigure(machine, extraConfig=[vim.option.OptionValue(key=key, value=value)])


def do(lease: Lease, plan: Plan) -> None:
    finish(plan.target.session, lease.start(plan))


@pytest.mark.parametrize("until", ["", "tomorrow", "14d"])
def test_it_ends_at_an_instant(until: str) -> None:
    with pytest.raises(ValidationError, match="lease"):
        LeaseParameters.model_validate({"lease": until})


def test_a_lease_of_somebody_else_s_stays(machine: Target) -> None:
    with pytest.raises(Reject, match="belongs to nobody that it names, not to anna: its lease stays as it is"):
        action(owner="anna").plan(machine, about(machine))
    write(machine, ownership.OWNER, "ben")
    with pytest.raises(Reject, match="belongs to ben, not to anna"):
        action(owner="anna").plan(machine, about(machine))
    assert action(owner="ben").plan(machine, about(machine)).changes


def test_a_longer_one_takes_the_place_of_the_present_one_and_back(machine: Target, govc: Govc) -> None:
    write(machine, ownership.LEASE, SOON)
    longer, event = action(), about(machine)
    plan = longer.plan(machine, event)
    assert (f"have its lease end {LATER}, and not {SOON}",) == plan.changes
    do(longer, plan)
    assert LATER == lease(govc, machine, event)
    do(longer, longer.undo(machine, plan.before, event))
    assert SOON == lease(govc, machine, event)


@pytest.mark.parametrize("since", [SOON, ""], ids=["another", "none"])
def test_one_that_somebody_has_written_since_stays(machine: Target, since: str) -> None:
    before: dict[str, Any] = {"lease": "2026-11-01T00:00:00Z", "written": LATER}
    write(machine, ownership.LEASE, since)
    with pytest.raises(Reject, match=f"set the end of its lease to {since or 'none'} since: it stays so"):
        action().undo(machine, before, about(machine))
