"""The MTU of a switch; simulators take a change of it for done and forget it, so it is kept in their place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError
from pyVmomi import vim

from clients.vsphere.kinds import SWITCH
from clients.vsphere.target import find
from schemas.errors import Reject, Retry
from sinks.vsphere.actions.dvs_mtu import DvsMtu
from sinks.vsphere.parameters.dvs_mtu import DvsMtuParameters
from tests.sinks.vsphere.acting import about, opened
from tests.support.switch import Switch
from tests.support.told import tell

if TYPE_CHECKING:
    from clients.vsphere.session import Session
    from clients.vsphere.target import Target
    from schemas.config import VcenterConfig
    from sinks.vsphere.actions import Plan

pytestmark = pytest.mark.stack


@pytest.fixture
def switch(session: Session, monkeypatch: pytest.MonkeyPatch) -> Target:
    Switch(monkeypatch)
    return find([session], "DVS0", SWITCH)


ACTION = DvsMtu(DvsMtuParameters(mtu=9000))


@pytest.mark.parametrize("mtu", [1279, 9001, "9000"])
def test_frames_have_limits(mtu: int) -> None:
    with pytest.raises(ValidationError):
        DvsMtuParameters(mtu=mtu)


async def test_a_switch_that_was_changed_meanwhile_is_read_anew(
    vcenters: dict[str, VcenterConfig], switch: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = DvsMtu.start

    def late(action: DvsMtu, plan: Plan) -> Any:
        Switch.installed().version += 1
        return real(action, plan)

    monkeypatch.setattr(DvsMtu, "start", late)
    async with opened(vcenters, action="dvs-mtu", parameters={"mtu": 9000}) as sink:
        with pytest.raises(Retry, match="ConcurrentAccess"):
            await sink.send(about(switch))


def test_an_mtu_that_somebody_has_set_since_stays(switch: Target) -> None:
    Switch.installed().mtu = 4000
    with pytest.raises(Reject, match="somebody has set its MTU to 4000 since: it stays so"):
        ACTION.undo(switch, {"from": 1500, "to": 9000}, about(switch))


def test_a_switch_of_another_maker_has_no_mtu(switch: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    tell(monkeypatch, {switch.moref: {"config": vim.DistributedVirtualSwitch.ConfigInfo(configVersion="1")}})
    with pytest.raises(Reject, match="no switch of vSphere's own"):
        ACTION.plan(switch, about(switch))
