"""Against the simulators: sessions, properties, tasks, targets."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import TYPE_CHECKING

import pytest
from pyVmomi import vim

from clients.vsphere import properties, target, task
from clients.vsphere.faults import SessionLost, VcenterAway, VsphereFault, translated
from clients.vsphere.session import Session
from clients.vsphere.target import NoSingleTarget
from clients.vsphere.task import TaskUnfinished
from ops.demo import simulators
from ops.demo.child import free_port
from schemas.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from schemas.config import Secret, VcenterConfig

pytestmark = pytest.mark.stack


@pytest.fixture
def config(vcenters: dict[str, VcenterConfig]) -> VcenterConfig:
    return vcenters["vc1"]


@pytest.fixture
def session(config: VcenterConfig) -> Iterator[Session]:
    with Session(config) as session:
        yield session


@pytest.fixture
def machine(session: Session) -> str:
    """A machine that is on, whatever other tests did to it."""
    name = min(str(row.values["name"]) for row in properties.read_all(session, vim.VirtualMachine, ["name"]))
    simulators.power_on(session, [name])
    return name


def deadline(seconds: float = 10.0) -> float:
    return monotonic() + seconds


def test_a_session_knows_its_server_and_its_clock(session: Session) -> None:
    assert session.about.apiVersion.startswith("8.")
    assert abs(session.current_time() - datetime.now(UTC)) < timedelta(minutes=1)


def test_closing_logs_out_and_may_be_repeated(config: VcenterConfig, session: Session) -> None:
    with Session(config) as other:
        key = other.key
        assert key in {each.key for each in session.content.sessionManager.sessionList}
    other.close()
    assert key not in {each.key for each in session.content.sessionManager.sessionList}
    with pytest.raises(SessionLost):
        _ = other.key


def test_a_wrong_password_is_refused(config: VcenterConfig, wrong: Secret) -> None:
    with pytest.raises(Refused, match="password"), Session(config.model_copy(update={"password": wrong})):
        pytest.fail("let in")


@pytest.fixture
def wrong(config: VcenterConfig, tmp_path: Path) -> Secret:
    path = tmp_path / "wrong"
    path.write_text("not the password")
    return type(config.password).from_file(path)


def test_a_certificate_that_nobody_vouches_for_is_refused(config: VcenterConfig) -> None:
    with (
        pytest.raises(Refused, match="does not verify") as error,
        Session(config.model_copy(update={"ca_file": None})),
    ):
        pytest.fail("connected")
    assert "vcenters.vc1.ca_file" in str(error.value)


def test_not_verifying_is_said_loudly(config: VcenterConfig, caplog: pytest.LogCaptureFixture) -> None:
    with Session(config.model_copy(update={"ca_file": None, "insecure": True})):
        pass
    assert [logging.WARNING] == [r.levelno for r in caplog.records if "NOT verified" in r.message]


def test_a_port_where_nobody_listens_is_away(config: VcenterConfig) -> None:
    url = f"https://127.0.0.1:{free_port()}/sdk"
    with pytest.raises(VcenterAway, match="cannot be reached"), Session(config.model_copy(update={"url": url})):
        pytest.fail("connected")


def test_a_server_that_is_no_vcenter_is_away(config: VcenterConfig) -> None:
    url = config.url.replace("/sdk", "/nothing")
    with pytest.raises(VcenterAway, match="no vCenter there"), Session(config.model_copy(update={"url": url})):
        pytest.fail("connected")


def test_a_terminated_session_is_lost(config: VcenterConfig, session: Session, machine: str) -> None:
    with Session(config) as other:
        found = target.find([other], machine)
        session.content.sessionManager.TerminateSession([other.key])
        with pytest.raises(SessionLost):
            task.wait(other, start(other, found.reference, "PowerOffVM_Task"), deadline=deadline())


def start(session: Session, reference: object, method: str) -> object:
    with translated(session.name):
        return getattr(reference, method)()


def test_a_property_that_is_unset_is_absent(session: Session, machine: str) -> None:
    found = target.find([session], machine)
    values = properties.read(session, found.reference, ["name", "config.managedBy"])
    assert {"name": machine} == values


def test_an_object_that_is_gone_is_a_fault_with_its_name(session: Session) -> None:
    with pytest.raises(VsphereFault) as error:
        properties.read(session, vim.VirtualMachine("vm-999999", session.stub), ["name"])
    assert "ManagedObjectNotFound" == error.value.fault


def test_a_task_is_waited_for_to_its_end(session: Session, machine: str) -> None:
    vm = target.find([session], machine).reference
    for method, expected in (("PowerOffVM_Task", "poweredOff"), ("PowerOnVM_Task", "poweredOn")):
        task.wait(session, start(session, vm, method), deadline=deadline())
        assert {"runtime.powerState": expected} == properties.read(session, vm, ["runtime.powerState"])


def test_a_task_that_fails_raises_its_fault(session: Session, machine: str) -> None:
    vm = target.find([session], machine).reference
    with pytest.raises(VsphereFault, match="task failed") as error:
        task.wait(session, start(session, vm, "PowerOnVM_Task"), deadline=deadline())
    assert "InvalidPowerState" == error.value.fault


def test_a_task_that_outlasts_the_deadline_is_unfinished(session: Session, machine: str) -> None:
    vm = target.find([session], machine).reference
    spec = vim.vm.ConfigSpec(annotation="unfinished")
    with pytest.raises(TaskUnfinished):
        task.wait(session, vm.ReconfigVM_Task(spec), deadline=deadline(-1))


def test_a_machine_is_found_by_its_name_in_any_case(session: Session, machine: str) -> None:
    assert machine == target.find([session], machine.swapcase()).name


def test_a_name_in_two_vcenters_is_refused_with_the_candidates(
    vcenters: dict[str, VcenterConfig], session: Session, machine: str
) -> None:
    with Session(vcenters["vc2"]) as other, pytest.raises(NoSingleTarget) as error:
        target.find([session, other], machine)
    assert f"{machine} (vc1/vm-" in str(error.value)
    assert f"{machine} (vc2/vm-" in str(error.value)


def test_an_unknown_name_is_refused_with_the_place_searched(session: Session) -> None:
    with pytest.raises(NoSingleTarget, match="no virtual machine is called 'nobody' in vc1"):
        target.find([session], "nobody")


def test_a_part_of_a_name_or_a_pattern_is_no_name(session: Session, machine: str) -> None:
    for name in (machine[:-1], "*", machine + " "):
        with pytest.raises(NoSingleTarget):
            target.find([session], name)


def test_a_vcenter_that_fails_fails_the_search(session: Session, config: VcenterConfig, machine: str) -> None:
    gone = Session(config)
    with pytest.raises(SessionLost):
        target.find([session, gone], machine)


def test_escaped_names_are_found_as_people_write_them() -> None:
    assert "a/b%c\\d" == target.shown_name("a%2fb%25c%5cd")
