"""Which machines give way, and how."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from schemas.errors import Reject
from sinks.vsphere.actions.preempt import Preempt
from sinks.vsphere.parameters.preempt import PreemptParameters
from tests.sinks.vsphere.acting import about, opened
from tests.sinks.vsphere.actions.looking import power
from tests.sinks.vsphere.actions.preparing import STAGE, carry
from tests.support.machine import power_off

if TYPE_CHECKING:
    from clients.vsphere.target import Target
    from schemas.config import VcenterConfig
    from tests.support.govc import Govc
    from tests.support.soapcalls import SoapCalls

pytestmark = pytest.mark.stack


def test_a_machine_without_the_tag_need_not_give_way(machine: Target) -> None:
    carry(machine, "prod")
    with pytest.raises(Reject, match=f"does not carry the tag {STAGE}/test"):
        Preempt(PreemptParameters(category=STAGE, tag="test")).plan(machine, about(machine))


def test_a_machine_that_does_not_run_needs_no_tag(machine: Target) -> None:
    power_off(machine)
    assert () == Preempt(PreemptParameters(category="nobody", tag="test")).plan(machine, about(machine)).changes


@pytest.mark.parametrize(
    ("criticality", "call"), [("low", "ShutdownGuest"), ("medium", "PowerOffVM_Task"), ("high", "PowerOffVM_Task")]
)
async def test_only_when_it_is_urgent_its_plug_is_pulled(
    vcenters: dict[str, VcenterConfig], machine: Target, govc: Govc, calls: SoapCalls, *, criticality: str, call: str
) -> None:
    carry(machine, "test")
    given = about(machine)
    parameters = {"category": STAGE, "tag": "test", "criticality": criticality}
    async with opened(vcenters, action="preempt", parameters=parameters) as sink:
        await sink.send(given)
    assert ([call], "poweredOff") == (calls.changing[-1:], power(govc, machine, given))
