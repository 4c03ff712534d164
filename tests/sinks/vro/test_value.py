from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sinks.vro.value import DEEPEST, value
from tests.sinks.vro.standin import fault

HOST = "vc1.example"


def text(given: str) -> dict[str, Any]:
    return {"string": {"value": given}}


def reference(kind: str, moref: str) -> dict[str, Any]:
    return {"Name": "n", kind: {"Type": kind, "Value": moref}}


@pytest.mark.parametrize(
    ("given", "kind", "wire"),
    [
        (3, "number", {"number": {"value": 3}}),
        (-2.5, "number", {"number": {"value": -2.5}}),
        (True, "boolean", {"boolean": {"value": True}}),
        (False, "boolean", {"boolean": {"value": False}}),
        ("", "string", text("")),
        ("web-1 é", "string", text("web-1 é")),
        ("12", "number", {"number": {"value": 12.0}}),
        ("2026", "number", {"number": {"value": 2026.0}}),
        ("-1.5e3", "number", {"number": {"value": -1500.0}}),
        ("nan", "string", text("nan")),
        ("1e999", "string", text("1e999")),
        ("1_000", "string", text("1_000")),
        ("10.0.0.1", "string", text("10.0.0.1")),
        ("2026-11-20", "Date", {"date": {"value": "2026-11-20"}}),
        ("2026-11-20T09:36:17.913365487Z", "Date", {"date": {"value": "2026-11-20T09:36:17.913365487Z"}}),
        ("2026-11-20T09:36:17+01:00", "Date", {"date": {"value": "2026-11-20T09:36:17+01:00"}}),
        ("2026-13-20", "string", text("2026-13-20")),
        ("2026-11-20 or so", "string", text("2026-11-20 or so")),
    ],
)
def test_a_single_value_has_the_type_that_it_looks_like(given: Any, kind: str, wire: dict[str, Any]) -> None:
    assert (kind, wire) == value(given, HOST)


def test_nothing_is_no_value() -> None:
    assert value(None, HOST) is None


def test_what_refers_to_an_object_of_the_vcenter_is_that_object() -> None:
    assert ("VC:HostSystem", {"sdk-object": {"type": "VC:HostSystem", "id": "vc1.example,id:host-12"}}) == value(
        reference("HostSystem", "host-12"), HOST
    )


def test_without_a_vcenter_a_reference_is_what_it_consists_of() -> None:
    inner = [{"key": "Type", "value": text("Datastore")}, {"key": "Value", "value": text("datastore-9")}]
    entries = [
        {"key": "Name", "value": text("n")},
        {"key": "Datastore", "value": {"properties": {"property": inner}}},
    ]

    assert ("Properties", {"properties": {"property": entries}}) == value(reference("Datastore", "datastore-9"), None)


def test_an_object_is_properties_without_what_is_null() -> None:
    wire = {"properties": {"property": [{"key": "a", "value": {"number": {"value": 1}}}]}}

    assert ("Properties", wire) == value({"a": 1, "b": None}, HOST)
    assert ("Properties", {"properties": {"property": []}}) == value({}, HOST)


def test_a_list_of_keys_and_values_is_properties() -> None:
    wire = {"properties": {"property": [{"key": "ram", "value": text("8 GB")}]}}

    assert ("Properties", wire) == value([{"Key": "ram", "Value": "8 GB"}, {"Key": "cpu", "Value": None}], HOST)


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        (["a", "b"], "Array/string"),
        ([1, 2.5, None], "Array/number"),
        (["2026-11-20", "2026-11-21"], "Array/Date"),
        ([{"a": 1}, {"b": 2}], "Array/Properties"),
        ([reference("VirtualMachine", "vm-1"), reference("VirtualMachine", "vm-2")], "Array/VC:VirtualMachine"),
        ([reference("VirtualMachine", "vm-1"), reference("HostSystem", "host-2")], "Array"),
        (["a", 1], "Array"),
        ([[1], [2]], "Array"),
        ([], "Array"),
        ([None], "Array"),
    ],
)
def test_a_list_is_one_of_its_type_when_it_has_one(given: list[Any], kind: str) -> None:
    found = value(given, HOST)

    assert found is not None
    assert (kind, len([each for each in given if each is not None])) == (
        found.type,
        len(found.wire["array"]["elements"]),
    )


def test_what_is_too_deep_is_text() -> None:
    deep: Any = "x"
    for _ in range(DEEPEST + 5):
        deep = {"d": deep}

    found = value(deep, HOST)

    assert found is not None
    wire = found.wire
    for _ in range(DEEPEST):
        [entry] = wire["properties"]["property"]
        wire = entry["value"]
    assert text(orjson.dumps({"d": {"d": {"d": {"d": {"d": "x"}}}}}).decode()) == wire


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text() | st.sampled_from(["Key", "Value", "Type"]), inner, max_size=4)
    ),
)


@given(JSON)
def test_every_value_is_one_that_vro_takes(given: Any) -> None:
    found = value(given, HOST)

    if found is None:
        assert given is None
    else:
        assert fault({"scope": "local", "name": "n", "type": found.type, "value": found.wire}) is None
