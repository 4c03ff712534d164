"""Against the simulators: the sink as the engine sees it, with the first of its actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from clients.vsphere.faults import VsphereFault
from ops.demo.child import free_port
from schemas.errors import Refused, Reject, Retry, Unavailable
from sinks.vsphere.actions.disconnect_vnic import DisconnectVnic
from sinks.vsphere.actions.hard_reset import HardReset
from sinks.vsphere.aim import aim
from sinks.vsphere.sink import VsphereSink
from tests.sinks.vsphere.acting import about, alert, opened
from tests.support.machine import adapters

if TYPE_CHECKING:
    from pathlib import Path

    from clients.vsphere.session import Session
    from clients.vsphere.target import Target
    from schemas.config import VcenterConfig
    from sinks.vsphere.actions import Plan

pytestmark = pytest.mark.stack

ON, OFF = (True, True), (False, False)


def state(target: Target) -> set[tuple[bool, bool]]:
    """``(connected, startConnected)`` of every adapter."""
    return {(each.connectable.connected, each.connectable.startConnected) for each in adapters(target)}


async def test_a_machine_named_by_an_alert_is_cut_off_and_stays_so(
    vcenters: dict[str, VcenterConfig], machine: Target
) -> None:
    assert {ON} == state(machine)
    async with opened(vcenters) as sink:
        await sink.send(alert(machine.name.swapcase()))
    assert {OFF} == state(machine)


async def test_a_vcenter_that_is_away_makes_a_name_unanswerable(
    vcenters: dict[str, VcenterConfig], machine: Target
) -> None:
    away = vcenters["vc2"].model_copy(update={"url": f"https://127.0.0.1:{free_port()}/sdk"})
    async with opened(vcenters | {"vc2": away}, vcenters=["vc1", "vc2"]) as sink:
        with pytest.raises(Unavailable, match="vc2 cannot be reached"):
            await sink.send(alert(machine.name))
    assert {ON} == state(machine)


async def test_opening_without_any_vcenter_there_is_unavailable(vcenters: dict[str, VcenterConfig]) -> None:
    away = vcenters["vc1"].model_copy(update={"url": f"https://127.0.0.1:{free_port()}/sdk"})
    with pytest.raises(Unavailable, match="cannot be reached"):
        async with opened({"vc1": away}):
            pytest.fail("opened")


async def test_opening_with_a_wrong_password_is_refused(vcenters: dict[str, VcenterConfig], tmp_path: Path) -> None:
    path = tmp_path / "wrong"
    path.write_text("not the password")
    wrong = vcenters["vc1"].model_copy(update={"password": type(vcenters["vc1"].password).from_file(path)})
    with pytest.raises(Refused, match="password"):
        async with opened({"vc1": wrong}):
            pytest.fail("opened")


async def test_a_session_that_ended_meanwhile_is_replaced(
    vcenters: dict[str, VcenterConfig], session: Session, machine: Target
) -> None:
    async with opened(vcenters) as sink:
        others = [each.key for each in session.content.sessionManager.sessionList if each.key != session.key]
        session.content.sessionManager.TerminateSession(others)
        await sink.send(alert(machine.name))
    assert {OFF} == state(machine)


@pytest.mark.parametrize(
    ("fault", "expected", "reason"),
    [
        ("HostCommunication", Reject, "it is not repeated"),
        ("Timedout", Reject, "it is not repeated"),
        ("TaskInProgress", Retry, "TaskInProgress"),
        ("InvalidPowerState", Retry, "InvalidPowerState"),
        ("NotSupported", Reject, "NotSupported"),
    ],
)
async def test_what_no_state_proves_is_not_repeated_when_a_fault_leaves_it_open(
    vcenters: dict[str, VcenterConfig],
    machine: Target,
    monkeypatch: pytest.MonkeyPatch,
    *,
    fault: str,
    expected: type[Exception],
    reason: str,
) -> None:
    def failing(_: HardReset, plan: Plan) -> None:
        raise VsphereFault(f"vCenter vc1: the task failed: {fault}", fault=fault)

    monkeypatch.setattr(HardReset, "start", failing)
    async with opened(vcenters, action="hard-reset") as sink:
        with pytest.raises(expected, match=reason):
            await sink.send(about(machine))


async def test_what_no_state_proves_is_not_repeated_by_who_is_stopped_meanwhile(
    vcenters: dict[str, VcenterConfig], machine: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(_: HardReset, plan: Plan) -> None:
        raise VsphereFault("vCenter vc1: the task failed: Timedout", fault="Timedout")

    monkeypatch.setattr(HardReset, "start", failing)
    asked = iter([False])
    given = about(machine)
    async with opened(vcenters, action="hard-reset") as sink:
        assert isinstance(sink, VsphereSink)
        where = aim(given, path="-", vcenters=vcenters)
        with pytest.raises(Reject, match="it is not repeated"):
            sink._remedy.carry_out(given, where, stopped=lambda: next(asked, True))


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ("ConcurrentAccess", Retry),
        ("DuplicateName", Retry),
        ("InvalidPowerState", Retry),
        ("TaskInProgress", Retry),
        ("InvalidDeviceSpec", Reject),
        ("NotSupported", Reject),
    ],
)
async def test_a_fault_of_a_moment_is_retried_and_any_other_rejected(
    vcenters: dict[str, VcenterConfig],
    machine: Target,
    monkeypatch: pytest.MonkeyPatch,
    fault: str,
    expected: type[Exception],
) -> None:
    def failing(_: DisconnectVnic, plan: Plan) -> None:
        raise VsphereFault(f"vCenter vc1: the task failed: {fault}", fault=fault)

    monkeypatch.setattr(DisconnectVnic, "start", failing)
    async with opened(vcenters) as sink:
        with pytest.raises(expected, match=fault):
            await sink.send(alert(machine.name))
