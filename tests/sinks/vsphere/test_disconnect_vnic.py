"""Against the simulators: what the sink does to real machines, read back by pyvmomi."""

from __future__ import annotations

import logging
from contextlib import asynccontextmanager
from time import monotonic
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from pyVmomi import vim

from clients.vsphere import properties, task
from clients.vsphere.faults import VsphereFault
from clients.vsphere.session import Session
from clients.vsphere.target import Target, find
from ops.demo.child import free_port
from schemas.errors import Refused, Reject, Retry, Unavailable
from sinks import registry
from sinks.base import SinkContext
from sinks.vsphere.disconnect_vnic import DEVICES, DisconnectVnic
from tests.sinks.bench import event

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from schemas.cloudevents import CloudEvent
    from schemas.config import VcenterConfig
    from sinks.base import Sink
    from sinks.vsphere.actions import Plan

pytestmark = pytest.mark.stack

MACHINE = "DC0_C0_RP0_VM1"
"""Of every simulator from its start."""
ON, OFF = (True, True), (False, False)


@pytest.fixture
def session(vcenters: dict[str, VcenterConfig]) -> Iterator[Session]:
    with Session(vcenters["vc1"]) as session:
        yield session


@pytest.fixture
def machine(session: Session) -> Iterator[Target]:
    """A machine that runs and is on the network, whatever other tests have left; it is put back there."""
    target = find([session], MACHINE)
    power = properties.read(session, target.reference, ["runtime.powerState"])["runtime.powerState"]
    if power != vim.VirtualMachine.PowerState.poweredOn:
        finish(target, target.reference.PowerOnVM_Task())
    connect(target, connected=True)
    yield target
    connect(target, connected=True)


def adapters(target: Target) -> list[Any]:
    devices = properties.read(target.session, target.reference, [DEVICES])[DEVICES]
    return [device for device in devices if isinstance(device, vim.vm.device.VirtualEthernetCard)]


def state(target: Target) -> set[tuple[bool, bool]]:
    """``(connected, startConnected)`` of every adapter."""
    return {(each.connectable.connected, each.connectable.startConnected) for each in adapters(target)}


def connect(target: Target, *, connected: bool) -> None:
    changes = []
    for adapter in adapters(target):
        adapter.connectable.connected = adapter.connectable.startConnected = connected
        changes.append(vim.vm.device.VirtualDeviceSpec(operation="edit", device=adapter))
    finish(target, target.reference.ReconfigVM_Task(vim.vm.ConfigSpec(deviceChange=changes)))


def finish(target: Target, started: Any) -> None:
    task.wait(target.session, started, deadline=monotonic() + 10)


def version(target: Target) -> str:
    """Changes with every reconfiguration."""
    return str(properties.read(target.session, target.reference, ["config.changeVersion"])["config.changeVersion"])


def alert(name: str) -> CloudEvent:
    return event(extensions={}, data=orjson.dumps({"event": {"metadata": {"source": name}}}))


@asynccontextmanager
async def opened(known: dict[str, VcenterConfig], **fields: Any) -> AsyncIterator[Sink]:
    given = {"name": "isolate", "type": "vsphere", "action": "disconnect-vnic", "vcenters": ["vc1"], "allow": ["*"]}
    config = registry.model("vsphere").model_validate({"dry_run": False, **given, **fields})
    sink = registry.build(config, SinkContext(vcenters=known))
    try:
        await sink.open()
        yield sink
    finally:
        await sink.close()


async def test_a_machine_named_by_an_alert_is_cut_off_and_stays_so(
    vcenters: dict[str, VcenterConfig], machine: Target
) -> None:
    assert {ON} == state(machine)
    async with opened(vcenters) as sink:
        await sink.send(alert(machine.name.swapcase()))
    assert {OFF} == state(machine)


async def test_a_second_time_changes_nothing(
    vcenters: dict[str, VcenterConfig], machine: Target, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with opened(vcenters) as sink:
        await sink.send(alert(machine.name))
        before = version(machine)
        await sink.send(alert(machine.name))
    assert before == version(machine)
    assert "nothing to do" in caplog.messages[-1]


async def test_an_event_of_a_vcenter_cuts_off_the_machine_it_is_about(
    vcenters: dict[str, VcenterConfig], machine: Target
) -> None:
    data = orjson.dumps({"Vm": {"Vm": {"Value": machine.reference._moId}}})
    async with opened(vcenters) as sink:
        await sink.send(event(extensions={"vcenter": "vc1"}, data=data))
    assert {OFF} == state(machine)


async def test_a_dry_run_only_says_what_it_would_do(
    vcenters: dict[str, VcenterConfig], machine: Target, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with opened(vcenters, dry_run=True) as sink:
        await sink.send(alert(machine.name))
    assert {ON} == state(machine)
    assert "dry run, would disconnect ethernet-0" in caplog.messages[-1]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [({"allow": []}, "allow list"), ({"allow": ["other*"]}, "allow list"), ({"protect": ["*"]}, "protected")],
)
async def test_a_machine_that_may_not_be_touched_is_rejected(
    vcenters: dict[str, VcenterConfig], machine: Target, fields: dict[str, Any], reason: str
) -> None:
    async with opened(vcenters, **fields) as sink:
        with pytest.raises(Reject, match=reason):
            await sink.send(alert(machine.name))
    assert {ON} == state(machine)


async def test_a_name_in_two_vcenters_is_rejected(vcenters: dict[str, VcenterConfig], machine: Target) -> None:
    async with opened(vcenters, vcenters=["vc1", "vc2"]) as sink:
        with pytest.raises(Reject, match=r"\(vc1/vm-.*\(vc2/vm-"):
            await sink.send(alert(machine.name))
    assert {ON} == state(machine)


async def test_an_unknown_machine_is_rejected(vcenters: dict[str, VcenterConfig]) -> None:
    gone = orjson.dumps({"Vm": {"Vm": {"Value": "vm-999999"}}})
    async with opened(vcenters) as sink:
        with pytest.raises(Reject, match="no virtual machine is called"):
            await sink.send(alert("nobody"))
        with pytest.raises(Reject, match="no such machine"):
            await sink.send(event(extensions={"vcenter": "vc1"}, data=gone))


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


async def test_an_unknown_outcome_is_read_and_not_repeated(
    vcenters: dict[str, VcenterConfig], machine: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    applied = []

    def applied_but_unanswered(self: DisconnectVnic, plan: Plan, *, deadline: float) -> None:
        applied.append(plan)
        original(self, plan, deadline=deadline)
        plan.target.session.close()
        plan.target.session.stub.GetConnection()

    original = DisconnectVnic.apply
    monkeypatch.setattr(DisconnectVnic, "apply", applied_but_unanswered)
    async with opened(vcenters) as sink:
        await sink.send(alert(machine.name))
    assert 1 == len(applied)
    assert {OFF} == state(machine)


async def test_a_call_that_never_arrived_is_asked_for_again_by_the_engine(
    vcenters: dict[str, VcenterConfig], machine: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never_arrived(_: DisconnectVnic, plan: Plan, *, deadline: float) -> None:
        plan.target.session.close()
        plan.target.session.stub.GetConnection()

    monkeypatch.setattr(DisconnectVnic, "apply", never_arrived)
    async with opened(vcenters) as sink:
        with pytest.raises(Retry, match="still to do: disconnect ethernet-0"):
            await sink.send(alert(machine.name))


@pytest.mark.parametrize(
    ("fault", "expected"),
    [("ConcurrentAccess", Retry), ("TaskInProgress", Retry), ("InvalidDeviceSpec", Reject), ("NotSupported", Reject)],
)
async def test_a_fault_of_a_moment_is_retried_and_any_other_rejected(
    vcenters: dict[str, VcenterConfig],
    machine: Target,
    monkeypatch: pytest.MonkeyPatch,
    fault: str,
    expected: type[Exception],
) -> None:
    def failing(_: DisconnectVnic, plan: Plan, *, deadline: float) -> None:
        raise VsphereFault(f"vCenter vc1: the task failed: {fault}", fault=fault)

    monkeypatch.setattr(DisconnectVnic, "apply", failing)
    async with opened(vcenters) as sink:
        with pytest.raises(expected, match=fault):
            await sink.send(alert(machine.name))


def test_the_change_is_bound_to_the_state_that_was_read(machine: Target) -> None:
    plan = DisconnectVnic().plan(machine)
    assert version(machine) == plan.spec.changeVersion


@pytest.fixture
def template(machine: Target) -> Iterator[Target]:
    """The machine as a template; it is made a running machine again."""
    pool = properties.read(machine.session, machine.reference, ["resourcePool"])["resourcePool"]
    finish(machine, machine.reference.PowerOffVM_Task())
    machine.reference.MarkAsTemplate()
    yield machine
    machine.reference.MarkAsVirtualMachine(pool)
    finish(machine, machine.reference.PowerOnVM_Task())


async def test_a_template_is_rejected(vcenters: dict[str, VcenterConfig], template: Target) -> None:
    async with opened(vcenters) as sink:
        with pytest.raises(Reject, match="is a template"):
            await sink.send(alert(template.name))
