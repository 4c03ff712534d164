"""However a page is changed, as long as it is XML, every event of it comes out."""

from __future__ import annotations

import json
from copy import deepcopy
from functools import cache
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from pyVmomi import VmomiSupport

from ingest.vcenter import decode_page
from ingest.vcenter.decoding.scalars import timestamp
from ingest.vcenter.decoding.soap import VIM, XSI_TYPE, events
from tests.ingest.vcenter.pages import fixture

if TYPE_CHECKING:
    from ingest.vcenter.decoding.naming import Spelling

TYPES = st.sampled_from(
    [
        "Nothing",
        "",
        ":",
        "ArrayOf",
        "ArrayOfArrayOf",
        "ArrayOfString",
        "ArrayOfstring",
        "ArrayOfAnyType",
        "ArrayOfManagedObjectReference",
        "ManagedObjectReference",
        "VirtualMachine",
        "VirtualMachinePowerState",
        "LocalizedMethodFault",
        "MethodFault",
        "DynamicData",
        "DataObject",
        "ManagedObject",
        "VmEventArgument",
        "VmPoweredOnEvent",
        "EventEx",
        "xsd:anyType",
        "xsd:base64Binary",
        "xsd:int",
        "xsd:dateTime",
        "void",
        "PropertyPath",
    ]
) | st.text("abcABC:", max_size=20)
NAMES = st.sampled_from(["vm", "key", "Key", "createdTime", "entity", "fault", "value", "string", "ünknown", "_value"])
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=20)
ACTIONS = st.tuples(
    st.sampled_from(["insert", "drop", "retype", "text", "rename", "wrap", "repeat", "untype"]),
    st.integers(0, 10**6),
    NAMES,
    TYPES,
    TEXTS,
)


@cache
def sample() -> bytes:
    """Twelve events of the random corpus, the richest ones among them."""
    response = events(fixture("corpus_r1.xml"))[0].getparent()
    assert response is not None
    for position, found in reversed(list(enumerate(response))):
        if position % 40 and found.get(XSI_TYPE) not in ("EventEx", "TaskEvent", "VmReconfiguredEvent"):
            response.remove(found)
    return etree.tostring(response.getroottree(), encoding="utf-8")


def mutate(root: etree._Element, mutation: tuple[str, int, str, str, str]) -> None:
    """Change one element inside an event, or an event's own type or text."""
    action, where, name, kind, text = mutation
    candidates = [element for found in root.iter(f"{VIM}returnval") for element in found.iter()]
    target = candidates[where % len(candidates)]
    parent = target.getparent()
    assert parent is not None
    is_event = target.tag == f"{VIM}returnval"
    if action == "insert":
        etree.SubElement(target, VIM + name, {XSI_TYPE: kind}).text = text
    elif action == "retype":
        target.set(XSI_TYPE, kind)
    elif action == "untype":
        target.attrib.clear()
    elif action == "text":
        target.text = text
    elif is_event or sum(1 for _ in target.iter()) > 50:  # copies of copies would grow without end
        return
    elif action == "wrap":
        target.append(deepcopy(target))
    elif action == "drop":
        parent.remove(target)
    elif action == "rename":
        target.tag = VIM + name
    elif action == "repeat":
        parent.append(deepcopy(target))


@pytest.mark.parametrize("naming", ["pascal", "camel"])
@settings(max_examples=150)
@given(actions=st.lists(ACTIONS, min_size=1, max_size=30))
def test_no_mutation_raises_or_loses_an_event(naming: Spelling, actions: list[tuple[str, int, str, str, str]]) -> None:
    root = etree.fromstring(sample())
    expected = sum(1 for _ in root.iter(f"{VIM}returnval"))
    for action in actions:
        mutate(root, action)
    decoded = decode_page(etree.tostring(root, encoding="utf-8"), naming=naming)
    assert expected == len(decoded)
    for event in decoded:
        assert event.name
        assert isinstance(json.loads(event.data), dict)
        assert isinstance(event.key, int)
        assert timestamp(event.created_time) == event.created_time


@pytest.mark.parametrize("naming", ["pascal", "camel"])
def test_every_class_of_the_registry_can_be_an_event_and_an_argument(naming: Spelling) -> None:
    names = sorted(name for _, name in VmomiSupport._wsdlDefMap)
    root = etree.fromstring(sample())
    response = next(root.iter(f"{VIM}ReadNextEventsResponse"))
    response.clear()
    for name in names:
        element = etree.SubElement(response, f"{VIM}returnval", {XSI_TYPE: name})
        argument = etree.SubElement(element, f"{VIM}arguments")
        etree.SubElement(argument, f"{VIM}value", {XSI_TYPE: name})
        array = etree.SubElement(argument, f"{VIM}value", {XSI_TYPE: f"ArrayOf{name}"})
        etree.SubElement(array, f"{VIM}{name}")
    decoded = decode_page(etree.tostring(root), naming=naming)
    assert names == [event.name for event in decoded]
