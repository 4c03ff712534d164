"""Hosts that must not go into maintenance; what the simulators' cluster never is, is told in its place on the wire."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Any

import pytest
from pyVmomi import vim
from pyVmomi.SoapAdapter import SoapStubAdapter

from clients.vsphere import task
from clients.vsphere.kinds import CLUSTER, HOST
from clients.vsphere.target import Target, find
from schemas.errors import Reject, Retry
from sinks.vsphere import waiting
from sinks.vsphere.actions.enter_maintenance import EnterMaintenance
from sinks.vsphere.parameters.maintenance import EnterMaintenanceParameters
from tests.sinks.vsphere.acting import about
from tests.support.machine import finish
from tests.support.told import tell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clients.vsphere.session import Session
    from sinks.vsphere.actions import Plan
    from tests.support.soapcalls import SoapCalls

pytestmark = pytest.mark.stack

das = vim.cluster


@pytest.fixture
def host(session: Session) -> Target:
    return find([session], "DC0_C0_H0", HOST)


@pytest.fixture
def other(session: Session) -> Iterator[Target]:
    found = find([session], "DC0_C0_H1", HOST)
    yield found
    finish(session, found.reference.ExitMaintenanceMode_Task(timeout=0))


def plan(host: Target, **parameters: Any) -> Plan:
    return EnterMaintenance(EnterMaintenanceParameters(within=60, **parameters)).plan(host, about(host))


def test_one_host_of_a_cluster_at_a_time(host: Target, other: Target) -> None:
    finish(other.session, other.reference.EnterMaintenanceMode_Task(timeout=0))
    with pytest.raises(Reject, match="DC0_C0_H1 of the same cluster is in maintenance already"):
        plan(host)


def test_a_host_on_its_way_into_maintenance_counts(
    host: Target, other: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = other.reference.EnterMaintenanceMode_Task(timeout=0)
    finish(other.session, started)
    running = {"info.state": "running", "info.descriptionId": "HostSystem.enterMaintenanceMode"}
    now = {"runtime.inMaintenanceMode": False, "recentTask": vim.Task.Array([started])}
    tell(monkeypatch, {other.moref: now, started._moId: running})
    with pytest.raises(Reject, match="DC0_C0_H1 of the same cluster is entering maintenance"):
        plan(host)


def test_a_task_that_the_vcenter_has_forgotten_meanwhile_is_no_missing_host(
    host: Target, other: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    forgotten = vim.Task.Array([vim.Task("task-999999", other.session.stub)])
    tell(monkeypatch, {other.moref: {"recentTask": forgotten}})
    with pytest.raises(Retry, match="forgets tasks"):
        plan(host)


def test_somebody_must_take_its_machines(host: Target, other: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    tell(monkeypatch, {other.moref: {"runtime.connectionState": "disconnected"}})
    with pytest.raises(Reject, match="no other host of its cluster is ready"):
        plan(host)


def test_a_host_that_does_not_answer_cannot_be_emptied(host: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    tell(monkeypatch, {host.moref: {"runtime.connectionState": "notResponding"}})
    with pytest.raises(Reject, match="is notResponding: nothing can be moved away"):
        plan(host)


def test_hosts_that_are_not_seen_may_be_in_maintenance(host: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    original = SoapStubAdapter.InvokeMethod

    def invoke(stub: Any, mo: Any, info: Any, *rest: Any) -> Any:
        answer = original(stub, mo, info, *rest)
        if info.wsdlName == "RetrievePropertiesEx":  # as for an account without a role there
            answer.objects = [
                each
                for each in answer.objects
                if each.obj._moId == host.moref or not each.obj._moId.startswith("host-")
            ]
        return answer

    monkeypatch.setattr(SoapStubAdapter, "InvokeMethod", invoke)
    with pytest.raises(Retry, match="may we see its cluster"):
        plan(host)


def configured(session: Session, **parts: Any) -> dict[str, dict[str, Any]]:
    """The cluster with other settings."""
    return {find([session], "DC0_C0", CLUSTER).moref: {"configurationEx": das.ConfigInfoEx(**parts)}}


def test_in_a_cluster_with_vsan_somebody_has_to_say_what_becomes_of_the_data(
    session: Session, host: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(monkeypatch, configured(session, vsanConfigInfo=vim.vsan.cluster.ConfigInfo(enabled=True)))
    with pytest.raises(Reject, match=r"has vSAN: say in parameters\.vsan"):
        plan(host)
    assert ("put it into maintenance",) == plan(host, vsan="noAction").changes


@pytest.mark.parametrize(("enabled", "control"), [(True, True), (True, False), (False, True)])
def test_admission_control_is_asked_where_it_is_on(
    session: Session, host: Target, monkeypatch: pytest.MonkeyPatch, *, enabled: bool, control: bool
) -> None:
    policy = das.FailoverLevelAdmissionControlPolicy(failoverLevel=1)
    config = das.DasConfigInfo(enabled=enabled, admissionControlEnabled=control, admissionControlPolicy=policy)
    told = configured(session, dasConfig=config)
    info = das.FailoverLevelAdmissionControlInfo(currentFailoverLevel=1)
    for values in told.values():
        values["summary"] = vim.ClusterComputeResource.Summary(admissionControlInfo=info)
    tell(monkeypatch, told)
    if enabled and control:
        with pytest.raises(Reject, match="cannot spare it: it must survive 1 failing hosts"):
            plan(host)
    else:
        assert ("put it into maintenance",) == plan(host).changes


def test_what_is_configured_goes_to_the_vcenter(host: Target, calls: SoapCalls) -> None:
    action = EnterMaintenance(EnterMaintenanceParameters(within=90.4, evacuate_powered_off=True, vsan="noAction"))
    finish(host.session, action.start(action.plan(host, about(host))))
    leave = action.undo(host, {}, about(host))
    finish(host.session, action.start(leave))
    ((within, evacuate, spec), (back,)) = calls.arguments
    assert (90, True, "noAction", 90) == (within, evacuate, spec.vsanMode.objectAction, back)


def test_a_task_that_nobody_waits_for_any_longer_is_cancelled(
    host: Target, calls: SoapCalls, monkeypatch: pytest.MonkeyPatch
) -> None:
    action = EnterMaintenance(EnterMaintenanceParameters(within=60))
    started = action.start(action.plan(host, about(host)))
    try:
        waiting.abandon(action, host, started)
        assert ["EnterMaintenanceMode_Task", "CancelTask"] == calls.changing
    finally:
        task.wait(host.session, started, deadline=monotonic() + 10)
        finish(host.session, host.reference.ExitMaintenanceMode_Task(timeout=0))
