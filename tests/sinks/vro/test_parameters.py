from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.cloudevents import json
from schemas.config import VcenterConfig
from sinks.vro.execution import Execution, identity
from sinks.vro.parameters import camel_case, host, parameters
from tests.sinks.bench import event

if TYPE_CHECKING:
    from pathlib import Path

    from schemas.cloudevents import CloudEvent


def told(given: CloudEvent) -> dict[str, Any]:
    return {each["name"]: (each["type"], each["value"]) for each in parameters(given, {})}


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("Vm", "vm"),
        ("FullFormattedMessage", "fullFormattedMessage"),
        ("ChainId", "chainId"),
        ("HTTPProxyURL", "httpProxyUrl"),
        ("vm_host-name", "vmHostName"),
        ("some  Name", "someName"),
        ("alreadyRight", "alreadyRight"),
        ("Vm1Name", "vm1name"),
        ("__", ""),
        ("", ""),
    ],
)
def test_names_are_written_as_workflows_write_them(key: str, name: str) -> None:
    assert name == camel_case(key)


@given(st.text(alphabet=st.characters(max_codepoint=127)))
def test_a_name_has_no_blanks_and_begins_small(key: str) -> None:
    name = camel_case(key)

    assert name == "" or (not name[0].isupper() and not set(name) & set(" _-\t\n"))


def test_a_workflow_is_told_the_data_the_attributes_and_all_of_it() -> None:
    data = b'{"Key": 7, "CreatedTime": "2026-11-20T09:36:17Z", "Template": false, "Ds": null}'

    found = told(event(data=data))

    assert {
        "key": "number",
        "createdTime": "Date",
        "template": "boolean",
        "cloudEventAttributes": "Properties",
        "rawEventData": "string",
        "availableInputs": "string",
    } == {name: kind for name, (kind, _) in found.items()}
    assert event(data=data) == json.loads(found["rawEventData"][1]["string"]["value"].encode())
    assert "Param: createdTime - Type: Date\n" in found["availableInputs"][1]["string"]["value"]


def test_attributes_have_types_but_the_identity_is_text() -> None:
    found = told(event(id="42", extensions={"vcenter": "7", "reflexarcreplay": "8"}))

    entries = found["cloudEventAttributes"][1]["properties"]["property"]
    assert {"id": "string", "source": "string", "reflexarcreplay": "string", "vcenter": "number", "time": "date"} == {
        entry["key"]: next(iter(entry["value"]))
        for entry in entries
        if entry["key"] in {"id", "source", "reflexarcreplay", "vcenter", "time"}
    }


@pytest.mark.parametrize("data", [None, b"text", b"\0\xff", b"[1]", b'"x"'])
def test_data_that_are_no_object_are_in_the_whole_only(data: bytes | None) -> None:
    found = told(event(data=data))

    assert {"cloudEventAttributes", "rawEventData", "availableInputs"} == found.keys()
    assert data == json.loads(found["rawEventData"][1]["string"]["value"].encode()).data


def test_nothing_in_the_data_takes_the_place_of_what_is_ours() -> None:
    found = told(event(data=b'{"CloudEventAttributes": 1, "raw_event_data": 2, "a_b": 3, "aB": 4, "": 5}'))

    assert ["Properties", "string"] == [found[name][0] for name in ("cloudEventAttributes", "rawEventData")]
    assert {"number": {"value": 3}} == found["aB"][1]
    assert "" not in found


@pytest.mark.parametrize("kept", ["cloudEventAttributes", "rawEventData"])
@given(identifier=st.text(alphabet=st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=40))
def test_whose_an_execution_is_can_be_read_back_from_either_input(kept: str, identifier: str) -> None:
    given = event(id=identifier)
    inputs = [each for each in parameters(given, {}) if each["name"] == kept]

    execution = Execution.of({"id": "e1", "state": "running", "input-parameters": inputs})

    assert execution is not None
    assert identity(given) == execution.identity


def test_a_vcenter_is_called_as_its_address_says_and_else_as_the_source(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    account = {"username": "u", "password_file": str(tmp_path / "secret")}
    config = VcenterConfig.model_validate({"name": "vc1", "url": "https://vcenter.example.org/sdk", **account})

    assert "vcenter.example.org" == host(event(), {"vc1": config})
    assert "vc1.example" == host(event(), {})
    assert host(event(source="urn:x"), {}) is None
