"""What guardrails ask about objects of a real simulator, compared with govc."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pyVmomi import vim
from pyVmomi.SoapAdapter import SoapStubAdapter

from clients.vsphere.facts import Facts, facts, facts_of_each
from clients.vsphere.faults import VsphereFault
from clients.vsphere.kinds import CLUSTER, DATASTORE, FOLDER, HOST, SWITCH
from clients.vsphere.ownership import OWNER
from clients.vsphere.session import Session
from clients.vsphere.target import Target, find
from tests.support.govc import Govc
from tests.support.machine import machine_of_its_own, power_off, reconfigure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schemas.config import VcenterConfig

pytestmark = pytest.mark.stack


@pytest.fixture
def session(vcenters: dict[str, VcenterConfig]) -> Iterator[Session]:
    with Session(vcenters["vc1"]) as session:
        yield session


@pytest.fixture
def machine(session: Session) -> Iterator[Target]:
    with machine_of_its_own(session) as machine:
        yield machine


def test_a_machine_has_a_place_a_host_and_a_power_state(
    session: Session, vcenters: dict[str, VcenterConfig], machine: Target
) -> None:
    host = Govc(vcenters["vc1"]).read("VirtualMachine", machine.moref, "runtime.host")["value"]
    cluster = find([session], "DC0_C0", CLUSTER).moref
    assert Facts(machine.name, "/DC0/vm", cluster, host, power="poweredOn") == facts(machine)


def test_several_objects_are_told_of_in_their_order_by_one_call(session: Session, machine: Target) -> None:
    others = [find([session], name) for name in ("DC0_C0_RP0_VM2", "DC0_C0_RP0_VM0")]
    targets = [others[0], machine, others[1]]
    assert [facts(target) for target in targets] == facts_of_each(targets)
    assert [] == facts_of_each([])


def test_a_machine_says_whom_it_was_made_for(machine: Target) -> None:
    assert facts(machine).owner is None
    reconfigure(machine, extraConfig=[vim.option.OptionValue(key=OWNER, value="U1/Anna O'Neil")])
    assert "U1/Anna O'Neil" == facts(machine).owner


def test_a_folder_is_where_what_is_in_it_is(session: Session) -> None:
    assert Facts("vm", "/DC0/vm") == facts(find([session], "/DC0/vm", FOLDER))


def test_a_template_is_one(machine: Target) -> None:
    power_off(machine)
    machine.reference.MarkAsTemplate()
    found = facts(machine)
    assert (True, "poweredOff") == (found.template, found.power)


def test_what_an_extension_manages_is_its_own(machine: Target) -> None:
    reconfigure(machine, managedBy=vim.ext.ManagedByInfo(extensionKey="com.vmware.vcDr", type="placeholderVm"))
    assert ("com.vmware.vcDr", "com.vmware.vcDr") == (facts(machine).managed_by, facts(machine).service)


@pytest.mark.parametrize(
    ("name", "path", "expected"),
    [
        ("vCLS-4c3f", "/DC0/vm", "vCLS"),
        ("x", "/DC0/vm/vCLS", "vCLS"),
        ("vcls-1", "/DC0/vm", "vCLS"),
        ("vclsx", "/DC0/vm/vCLS-old", None),
        ("web", "/DC0/vm", None),
        ("web", None, None),
        ("vCLS-1", None, "vCLS"),
    ],
)
def test_machines_of_the_cluster_services_are_known_by_name_or_folder(
    name: str, path: str | None, expected: str | None
) -> None:
    assert expected == Facts(name, path).service


@pytest.mark.parametrize(
    ("kind", "name", "path", "power"),
    [
        (HOST, "DC0_C0_H0", "/DC0/host/DC0_C0", "poweredOn"),
        (CLUSTER, "DC0_C0", "/DC0/host", None),
        (DATASTORE, "LocalDS_0", "/DC0/datastore", None),
        (SWITCH, "DVS0", "/DC0/network", None),
    ],
)
def test_other_objects_have_the_facts_that_there_are(
    session: Session, kind: str, name: str, path: str, power: str | None
) -> None:
    target = find([session], name, kind)
    found = facts(target)
    cluster = find([session], "DC0_C0", CLUSTER).moref if kind in {HOST, CLUSTER} else None
    host = target.moref if kind == HOST else None
    assert Facts(name, path, cluster, host, power=power) == found


def test_a_place_that_is_not_wholly_seen_is_none(machine: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = facts(machine)
    assert "/DC0/vm" == folder.path
    parent = machine.session.content.rootFolder.childEntity[0].vmFolder
    original = SoapStubAdapter.InvokeMethod

    def invoke(stub: Any, mo: Any, info: Any, *rest: Any) -> Any:
        answer = original(stub, mo, info, *rest)
        if info.wsdlName == "RetrievePropertiesEx":  # as for an account without a role there
            answer.objects = [found for found in answer.objects if found.obj._moId != parent._moId]
        return answer

    monkeypatch.setattr(SoapStubAdapter, "InvokeMethod", invoke)
    assert Facts(folder.name, None, folder.cluster, folder.host, power="poweredOn") == facts(machine)


def test_what_is_gone_has_no_facts(session: Session) -> None:
    with pytest.raises(VsphereFault) as error:
        facts(Target(session, vim.VirtualMachine("vm-99999", session.stub), "gone"))
    assert "ManagedObjectNotFound" == error.value.fault
