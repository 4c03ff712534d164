"""What this version does not know is decoded by its shape and counted; its neighbours stay whole."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from ingest.vcenter.decoding.decode import Decoder
from ingest.vcenter.decoding.naming import CAMEL, PASCAL
from ingest.vcenter.decoding.unknowns import Unknowns
from tests.ingest.vcenter.pages import event, page

if TYPE_CHECKING:
    from ingest.vcenter import VcenterEvent
    from ingest.vcenter.decoding.naming import Naming

NEIGHBOUR = event("VmPoweredOffEvent")


@pytest.fixture
def unknowns() -> Unknowns:
    return Unknowns()


def decoded(unknown: str, unknowns: Unknowns, *, naming: Naming = PASCAL) -> VcenterEvent:
    """The event between two neighbours, which must be there."""
    before, found, after = Decoder(naming, unknowns).page(page(NEIGHBOUR, unknown, NEIGHBOUR))
    assert ("VmPoweredOffEvent", before) == (before.name, after)
    return found


def body(unknown: str, unknowns: Unknowns, *, naming: Naming = PASCAL) -> Any:
    return json.loads(decoded(unknown, unknowns, naming=naming).data)


def test_an_unknown_class_has_the_base_properties_and_the_shape_of_the_rest(unknowns: Unknowns) -> None:
    rest = (
        '<vm><name>v</name><vm type="VirtualMachine">vm-1</vm></vm>'
        '<pod type="VirtualMachine">vm-9</pod><phase>Pending</phase><left>3</left>'
        '<count xsi:type="xsd:int">3</count><label><key>a</key></label><label><key>b</key></label><none/>'
    )
    found = decoded(event("PodStartedEvent", rest), unknowns)
    assert ("PodStartedEvent", "event", 7, "vm-1") == (found.name, found.eventclass, found.key, found.entity)
    content = json.loads(found.data)
    assert (7, None, {"Type": "VirtualMachine", "Value": "vm-1"}) == (
        content["Key"],
        content["Host"],
        content["Vm"]["Vm"],
    )
    assert {
        "Pod": {"Type": "VirtualMachine", "Value": "vm-9"},
        "Phase": "Pending",
        "Left": "3",
        "Count": 3,
        "Label": [{"Key": "a"}, {"Key": "b"}],
        "None": None,
    } == {name: content[name] for name in list(content)[13:]}
    assert unknowns.names()[("event", "PodStartedEvent")] == 1


def test_an_unknown_class_is_read_in_camel_too(unknowns: Unknowns) -> None:
    content = body(event("PodStartedEvent", '<pod type="VirtualMachine">vm-9</pod>'), unknowns, naming=CAMEL)
    assert {"type": "VirtualMachine", "value": "vm-9"} == content["pod"]


def test_an_event_without_class_is_an_event(unknowns: Unknowns) -> None:
    assert decoded(NEIGHBOUR.replace(' xsi:type="VmPoweredOffEvent"', ""), unknowns).name == "Event"
    assert {} == unknowns.names()


@pytest.mark.parametrize("cls", ["xsd:int", "VirtualMachine", "ArrayOfEvent", "VmEventArgument", "ArrayOfstring"])
def test_a_class_that_is_no_event_counts_as_an_unknown_event(cls: str, unknowns: Unknowns) -> None:
    assert decoded(event(cls), unknowns).key == 7
    assert {("event", cls.removeprefix("xsd:")): 1} == unknowns.names()


def test_an_unknown_property_is_appended_and_counted_under_its_class(unknowns: Unknowns) -> None:
    content = body(event("VmPoweredOnEvent", "<colour>red</colour><template>true</template>"), unknowns)
    assert [("Template", True), ("Colour", "red")] == list(content.items())[-2:]
    assert {("property", "VmPoweredOnEvent.colour"): 1} == unknowns.names()


def test_an_unknown_property_cannot_replace_a_declared_one(unknowns: Unknowns) -> None:
    assert body(event("VmPoweredOnEvent", "<Key>9</Key>"), unknowns)["Key"] == 7


def test_an_unknown_property_of_an_argument_keeps_the_argument(unknowns: Unknowns) -> None:
    content = body(
        event("VmPoweredOnEvent", '<vm><name>v</name><vm type="VirtualMachine">vm-1</vm><uuid>u</uuid></vm>'), unknowns
    )
    assert {"Name": "v", "Vm": {"Type": "VirtualMachine", "Value": "vm-1"}, "Uuid": "u"} == content["Vm"]


def test_an_unknown_enumeration_value_is_kept_and_counted(unknowns: Unknowns) -> None:
    fault = (
        '<fault><fault xsi:type="InvalidPowerState"><existingState>melting</existingState></fault>'
        "<localizedMessage>no</localizedMessage></fault>"
    )
    content = body(event("EventEx", fault), unknowns)
    assert content["Fault"]["Fault"]["ExistingState"] == "melting"
    assert {("enum", "VirtualMachinePowerState=melting"): 1} == unknowns.names()


def test_a_reference_to_an_unknown_class_is_kept_and_counted(unknowns: Unknowns) -> None:
    info = '<info><key>task-1</key><entity type="ContentLibrary">lib-1</entity></info>'
    content = body(event("TaskEvent", info), unknowns)
    assert {"Type": "ContentLibrary", "Value": "lib-1"} == content["Info"]["Entity"]
    assert unknowns.names()[("moref", "ContentLibrary")] == 1


def test_an_unknown_fault_has_the_properties_of_every_fault_and_its_own(unknowns: Unknowns) -> None:
    fault = (
        '<fault><fault xsi:type="QuantumFault"><faultMessage><key>k</key></faultMessage><spin>up</spin></fault>'
        "<localizedMessage>no</localizedMessage></fault>"
    )
    content = body(event("EventEx", fault), unknowns)
    assert {
        "Fault": {
            "FaultCause": None,
            "FaultMessage": [{"Key": "k", "Arg": None, "Message": ""}],
            "Spin": "up",
        },
        "LocalizedMessage": "no",
    } == content["Fault"]
    assert {("fault", "QuantumFault"): 1, ("property", "MethodFault.spin"): 1} == unknowns.names()


def test_an_unknown_class_of_an_argument_is_read_as_the_declared_one(unknowns: Unknowns) -> None:
    content = body(event("VmPoweredOnEvent", '<vm xsi:type="PodEventArgument"><name>v</name></vm>'), unknowns)
    assert {"Name": "v", "Vm": {"Type": "", "Value": ""}} == content["Vm"]
    assert {("type", "PodEventArgument"): 1} == unknowns.names()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ('<value xsi:type="Pod"><name>p</name></value>', {"Name": "p"}),
        ('<value xsi:type="ArrayOfPod"><Pod><name>p</name></Pod></value>', {"Pod": [{"Name": "p"}]}),
        ('<value xsi:type="ArrayOfArrayOfString"/>', {"ArrayOfString": None}),
        ('<value xsi:type="ArrayOfstring"><string>a</string></value>', {"string": ["a"]}),
        ('<value xsi:type="xsd:gYear">2026</value>', "2026"),
        ('<value xsi:type="xsd:anyType">x</value>', "x"),
        ('<value xsi:type="ArrayOfAnyType"><anyType xsi:type="xsd:int">1</anyType></value>', {"AnyType": [1]}),
        ("<value>x</value>", "x"),
        ("<value/>", None),
        ("<value><a>1</a></value>", {"A": "1"}),
        ('<value xsi:type="xsd:int"><a>1</a></value>', {"A": "1"}),
        ('<value xsi:type="ManagedObjectReference"><a>1</a></value>', {"A": "1"}),
    ],
)
def test_an_argument_of_any_type_is_never_lost(value: str, expected: object, unknowns: Unknowns) -> None:
    arguments = f"<arguments><key>k</key>{value}</arguments><arguments><key>l</key></arguments>"
    assert [{"Key": "k", "Value": expected}, {"Key": "l", "Value": None}] == body(
        event("EventEx", arguments), unknowns
    )["Arguments"]


@pytest.mark.parametrize(
    ("rest", "name", "expected", "label"),
    [
        ("<template>maybe</template>", "Template", "maybe", "VmPoweredOnEvent.template"),
        ("<template><a>1</a></template>", "Template", {"A": "1"}, "VmPoweredOnEvent.template"),
        ("<userName><a>1</a></userName>", "UserName", {"A": "1"}, "VmPoweredOnEvent.userName"),
        ("<vm>vm-1</vm>", "Vm", "vm-1", "VmEventArgument"),
    ],
)
def test_a_value_that_is_not_what_its_property_declares_is_kept(
    rest: str, name: str, expected: object, label: str, unknowns: Unknowns
) -> None:
    content = body(event("VmPoweredOnEvent", rest), unknowns)
    assert expected == content[name]
    assert {("value", label): 1} == unknowns.names()


def test_a_fault_of_another_service_is_read_in_its_namespace(unknowns: Unknowns) -> None:
    fault = (
        '<fault><fault xmlns:pbm="urn:pbm" xsi:type="pbm:PbmDuplicateName"><pbm:name>n</pbm:name></fault>'
        "<localizedMessage>no</localizedMessage></fault>"
    )
    content = body(event("EventEx", fault), unknowns)
    assert {"FaultCause": None, "FaultMessage": None, "Name": "n"} == content["Fault"]["Fault"]
    assert {} == unknowns.names()


def test_a_class_younger_than_the_event_router_keeps_its_properties(unknowns: Unknowns) -> None:
    value = '<value xsi:type="TgwEventArgument"><name>t</name></value>'
    content = body(event("EventEx", f"<arguments><key>k</key>{value}</arguments>"), unknowns)
    assert content["Arguments"][0]["Value"]["Name"] == "t"


def test_the_deepest_page_allowed_is_decoded(unknowns: Unknowns) -> None:
    levels = 90
    nested = "<anyType xsi:type='ArrayOfAnyType'>" * levels + "</anyType>" * levels
    content = body(
        event("EventEx", f"<arguments><key>k</key><value xsi:type='ArrayOfAnyType'>{nested}</value></arguments>"),
        unknowns,
    )
    value = content["Arguments"][0]["Value"]
    for _ in range(levels):
        (value,) = value["AnyType"]
    assert {"AnyType": None} == value
