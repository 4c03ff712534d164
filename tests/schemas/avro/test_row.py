from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.avro.row import LONGEST, row
from schemas.cloudevents import CloudEvent
from tests.schemas.cloudevents import strategies

POWERED_OFF = {
    "Key": 4711,
    "ChainId": 4700,
    "CreatedTime": "2026-11-20T09:36:17.913365Z",
    "UserName": "VSPHERE.LOCAL\\Administrator",
    "Datacenter": {"Name": "DC0", "Datacenter": {"Type": "Datacenter", "Value": "datacenter-2"}},
    "ComputeResource": {"Name": "DC0_C0", "ComputeResource": {"Type": "ClusterComputeResource", "Value": "domain-c1"}},
    "Host": {"Name": "esx1", "Host": {"Type": "HostSystem", "Value": "host-21"}},
    "Vm": {"Name": "web-1", "Vm": {"Type": "VirtualMachine", "Value": "vm-55"}},
    "Ds": None,
    "FullFormattedMessage": "web-1 on esx1 in DC0 is powered off",
}
PLAIN: dict[str, Any] = {"id": "1", "source": "/s", "type": "t"}

NAMES = ["Vm", "Host", "Name", "Value", "Type", "Key", "ChainId", "CreatedTime", "UserName", "message"]
scalars = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=5))
odd = st.recursive(
    scalars,
    lambda inner: st.dictionaries(
        st.sampled_from(
            ["Vm", "Host", "Name", "Value", "Type", "Key", "ChainId", "CreatedTime", "UserName", "message"]
        ),
        inner | st.lists(inner, max_size=2),
        max_size=5,
    ),
)


def of(data: object, **attributes: Any) -> dict[str, Any]:
    return row(CloudEvent(**{**PLAIN, **attributes}, data=orjson.dumps(data)))


def test_an_event_of_a_vcenter_is_taken_apart() -> None:
    data = orjson.dumps(POWERED_OFF)
    event = CloudEvent(
        id="vc1/1/4711",
        source="https://vc1.example/sdk",
        type="com.vmware.vsphere.VmPoweredOffEvent.v0",
        subject="VmPoweredOffEvent",
        time="2026-11-20T09:36:17.913365487Z",
        datacontenttype="application/json",
        extensions={"vcenter": "vc1", "eventclass": "event", "partitionkey": "vc1/vm-55", "vsphereapiversion": "8.0"},
        data=data,
    )
    expected = {
        "id": "vc1/1/4711",
        "source": "https://vc1.example/sdk",
        "type": "com.vmware.vsphere.VmPoweredOffEvent.v0",
        "subject": "VmPoweredOffEvent",
        "time": 1_795_167_377_913_365,
        "partitionkey": "vc1/vm-55",
        "vcenter": "vc1",
        "eventclass": "event",
        "entity_kind": "VirtualMachine",
        "entity_id": "vm-55",
        "entity_name": "web-1",
        "datacenter": "DC0",
        "compute_resource": "DC0_C0",
        "host": "esx1",
        "user": "VSPHERE.LOCAL\\Administrator",
        "severity": None,
        "chain": 4700,
        "key": 4711,
        "created": 1_795_167_377_913_365,
        "message": "web-1 on esx1 in DC0 is powered off",
        "extensions": {"vsphereapiversion": "8.0"},
        "dataschema": None,
        "datacontenttype": "application/json",
        "data": data.decode(),
        "binary": None,
    }
    assert expected == row(event)


def test_an_alert_of_the_webhook_has_what_it_says() -> None:
    made = of({"hostname": "esx9", "AlertName": "fan failed"}, extensions={"severitytext": "error"})
    assert ("esx9", "fan failed", "error") == (made["host"], made["message"], made["severity"])


@pytest.mark.parametrize(
    ("key", "vcenter", "expected"),
    [("vc1/vm-7", "vc1", "vm-7"), ("vc1/-", "vc1", None), ("vc2/vm-7", "vc1", None), ("alone", None, None)],
)
def test_the_entity_is_known_by_the_partition_key_when_the_data_do_not_say_it(
    key: str, vcenter: str | None, expected: str | None
) -> None:
    extensions = {"partitionkey": key} | ({"vcenter": vcenter} if vcenter else {})
    assert expected == of({}, extensions=extensions)["entity_id"]


def test_data_that_are_no_text_are_kept_as_bytes() -> None:
    made = row(CloudEvent(**PLAIN, data=b"\0\xff"))
    assert (None, b"\0\xff") == (made["data"], made["binary"])


def test_data_that_are_declared_as_something_else_are_not_looked_into() -> None:
    assert of(POWERED_OFF, datacontenttype="text/plain")["entity_id"] is None


def test_a_text_from_the_data_is_cut_and_the_data_are_not() -> None:
    text = "x" * (LONGEST + 1)
    made = of({"message": text})
    assert (LONGEST, True) == (len(made["message"]), text in made["data"])


def test_a_number_that_is_none_or_too_large_is_left_out() -> None:
    assert [None] * 4 == [of({"Key": value})["key"] for value in (2**63, True, "7", 7.0)]


@given(strategies.events())
def test_any_event_has_a_row(event: CloudEvent) -> None:
    made = row(event)
    assert (event.id, event.source, event.type) == (made["id"], made["source"], made["type"])
    given = made["binary"] if made["data"] is None else made["data"].encode()
    assert event.data == given


@given(odd)
def test_no_data_are_too_odd(data: object) -> None:
    try:
        text = orjson.dumps(data)
    except TypeError:  # an integer that JSON's usual readers do not take
        return
    assert text.decode() == row(CloudEvent(**PLAIN, data=text))["data"]
