from __future__ import annotations

from typing import Any

import orjson
import pytest

from clients.vsphere.kinds import CLUSTER, DATASTORE, HOST, MACHINE, SWITCH
from schemas.errors import Reject
from sinks.vsphere.aim import ByName, ByReference, aim
from tests.sinks.bench import event

ALERT = {"event": {"metadata": {"source": "test01"}}}
OF_A_VCENTER = {"Vm": {"Name": "web-1", "Vm": {"Type": "VirtualMachine", "Value": "vm-42"}}}


def aimed(
    data: Any,
    *,
    path: str = "event.metadata.source",
    vcenter: str | None = None,
    kind: str = MACHINE,
    chosen_from: str | None = None,
) -> ByName | ByReference:
    extensions = {"vcenter": vcenter} if vcenter else {}
    given = event(data=data if isinstance(data, bytes) else orjson.dumps(data), extensions=extensions)
    return aim(given, path=path, vcenters=("vc1", "vc2"), kind=kind, chosen_from=chosen_from)


def test_an_alert_names_the_machine_in_its_data() -> None:
    assert ByName("test01") == aimed(ALERT)


def test_an_event_of_a_vcenter_is_about_its_own_machine() -> None:
    assert ByReference("vc2", "vm-42") == aimed(OF_A_VCENTER, vcenter="vc2")


def test_without_a_vcenter_a_reference_says_nothing() -> None:
    with pytest.raises(Reject, match=r"event\.metadata\.source"):
        aimed(OF_A_VCENTER)


def test_an_event_of_a_vcenter_without_a_machine_may_name_one() -> None:
    assert ByName("test01") == aimed(ALERT, vcenter="vc1")


def test_a_vcenter_that_is_not_ours_is_rejected() -> None:
    with pytest.raises(Reject, match="vc9"):
        aimed(OF_A_VCENTER, vcenter="vc9")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not json",
        [],
        "test01",
        {},
        {"event": "test01"},
        {"event": {"metadata": {}}},
        {"event": {"metadata": {"source": None}}},
        {"event": {"metadata": {"source": 7}}},
        {"event": {"metadata": {"source": " "}}},
        {"event": {"metadata": {"source": "x" * 300}}},
        {"event": {"metadata": {"source": ["test01"]}}},
    ],
)
def test_data_that_name_no_machine_are_rejected(data: Any) -> None:
    with pytest.raises(Reject):
        aimed(data)


@pytest.mark.parametrize("reference", ["", "vm 42", "<vm>", 42, {"Value": "vm-42"}, "v" * 100])
def test_a_reference_no_vcenter_wrote_is_rejected(reference: Any) -> None:
    with pytest.raises(Reject, match="managed object id"):
        aimed({"Vm": {"Vm": {"Value": reference}}}, vcenter="vc1")


EVERYTHING = {
    "Vm": {"Name": "web-1", "Vm": {"Type": "VirtualMachine", "Value": "vm-42"}},
    "Host": {"Name": "h1", "Host": {"Type": "HostSystem", "Value": "host-7"}},
    "Ds": {"Name": "d1", "Datastore": {"Type": "Datastore", "Value": "datastore-3"}},
    "Dvs": {"Name": "s1", "Dvs": {"Type": "DistributedVirtualSwitch", "Value": "dvs-9"}},
    "ComputeResource": {"Name": "c1", "ComputeResource": {"Type": "ClusterComputeResource", "Value": "domain-c8"}},
}


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (MACHINE, ("vm-42", "VirtualMachine")),
        (HOST, ("host-7", "HostSystem")),
        (DATASTORE, ("datastore-3", "Datastore")),
        (SWITCH, ("dvs-9", "DistributedVirtualSwitch")),
        (CLUSTER, ("domain-c8", "ClusterComputeResource")),
    ],
)
def test_an_event_is_about_its_object_of_the_kind_that_is_acted_on(kind: str, expected: tuple[str, str]) -> None:
    assert ByReference("vc1", *expected) == aimed(EVERYTHING, vcenter="vc1", kind=kind)


def test_a_reference_of_another_kind_than_its_place_says_is_rejected() -> None:
    standalone = {"ComputeResource": {"ComputeResource": {"Type": "ComputeResource", "Value": "domain-s7"}}}
    with pytest.raises(Reject, match="about a ComputeResource, and this is done to a cluster"):
        aimed(standalone, vcenter="vc1", kind=CLUSTER)


def alarm(of: str, reference: str) -> dict[str, Any]:
    """An alarm, defined on the root folder, with everything that its entity stands in."""
    source = {"Name": "Datacenters", "Entity": {"Type": "Folder", "Value": "group-d1"}}
    return {**EVERYTHING, "Source": source, "Entity": {"Name": "x", "Entity": {"Type": of, "Value": reference}}}


@pytest.mark.parametrize(("kind", "reference"), [(MACHINE, "vm-1"), (HOST, "host-1"), (DATASTORE, "datastore-1")])
def test_an_alarm_is_about_its_entity(kind: str, reference: str) -> None:
    assert ByReference("vc1", reference, kind) == aimed(alarm(kind, reference), vcenter="vc1", kind=kind)


def test_an_alarm_of_a_machine_says_nothing_about_its_host() -> None:
    with pytest.raises(Reject, match="about a VirtualMachine, and this is done to a host"):
        aimed(alarm(MACHINE, "vm-1"), vcenter="vc1", kind=HOST)


OF_A_DATASTORE = {"Ds": EVERYTHING["Ds"], "Host": EVERYTHING["Host"]}


@pytest.mark.parametrize(
    "data",
    [alarm(DATASTORE, "datastore-3"), OF_A_DATASTORE, {**OF_A_DATASTORE, **ALERT}],
    ids=["its alarm", "its event", "with a name"],
)
def test_an_event_of_what_machines_are_chosen_from_is_about_that(data: Any) -> None:
    assert ByReference("vc1", "datastore-3", DATASTORE) == aimed(data, vcenter="vc1", chosen_from=DATASTORE)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (EVERYTHING, ByReference("vc1", "vm-42")),
        (alarm(MACHINE, "vm-1"), ByReference("vc1", "vm-1")),
        (ALERT, ByName("test01")),
    ],
    ids=["its event", "its alarm", "its name"],
)
def test_an_event_of_a_machine_is_about_that_also_where_machines_are_chosen(
    data: Any, expected: ByName | ByReference
) -> None:
    assert expected == aimed(data, vcenter="vc1", chosen_from=DATASTORE)


def test_an_alarm_of_a_host_says_nothing_about_a_datastore() -> None:
    with pytest.raises(Reject, match="about a HostSystem, and this is done to a virtual machine"):
        aimed(alarm(HOST, "host-1"), vcenter="vc1", chosen_from=DATASTORE)


def test_an_alarm_of_a_datastore_is_rejected_where_nothing_is_chosen() -> None:
    with pytest.raises(Reject, match="about a Datastore, and this is done to a virtual machine"):
        aimed(alarm(DATASTORE, "datastore-3"), vcenter="vc1")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("vc2:web-1", ByName("web-1", "vc2")),
        ("vc2: web-1 ", ByName("web-1", "vc2")),
        ("vc9:web-1", ByName("vc9:web-1")),
        ("vc2:", ByName("vc2:")),
        ("2001:db8::7", ByName("2001:db8::7")),
    ],
)
def test_a_configured_vcenter_may_stand_before_the_name(text: str, expected: ByName) -> None:
    assert expected == aimed({"name": text}, path="name")


def test_an_alarm_of_something_else_is_not_looked_for_by_a_name() -> None:
    given = {**ALERT, "Entity": {"Name": "x", "Entity": {"Type": "Folder"}}}
    with pytest.raises(Reject, match="the alarm is about a Folder"):
        aimed(given, vcenter="vc1")
