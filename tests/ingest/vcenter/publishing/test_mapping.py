from __future__ import annotations

import pytest

from ingest.vcenter.publishing.mapping import source_of, to_cloudevent
from schemas.cloudevents import CloudEvent
from schemas.errors import InvalidEvent
from tests.ingest.vcenter.events import event

KNOWN = {"vcenter": "vc1", "incarnation": 2, "source": "https://vc1.example/sdk", "api_version": "8.0.2.0"}


def test_a_vcenter_event_as_cloudevent() -> None:
    given = event(7, created_time="2026-01-31T07:00:00.5+01:00", data=b'{"Key":7}')
    expected = CloudEvent(
        id="vc1/2/7",
        source="https://vc1.example/sdk",
        type="com.vmware.vsphere.VmPoweredOffEvent.v0",
        subject="VmPoweredOffEvent",
        time="2026-01-31T06:00:00.5Z",
        datacontenttype="application/json",
        extensions={
            "vcenter": "vc1",
            "eventclass": "event",
            "vsphereapiversion": "8.0.2.0",
            "partitionkey": "vc1/vm-42",
        },
        data=b'{"Key":7}',
    )
    assert expected == to_cloudevent(given, **KNOWN)


def test_an_event_about_no_entity_has_a_partition_key_of_its_vcenter() -> None:
    assert "vc1/-" == to_cloudevent(event(7, entity=None), **KNOWN).extensions["partitionkey"]


def test_an_unknown_api_version_is_left_out() -> None:
    assert "vsphereapiversion" not in to_cloudevent(event(7), **{**KNOWN, "api_version": ""}).extensions


def test_a_name_no_cloudevent_may_have_is_an_invalid_event() -> None:
    with pytest.raises(InvalidEvent):
        to_cloudevent(event(7, name="com.vmware.\x00"), **KNOWN)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://vc1.example/sdk", "https://vc1.example/sdk"),
        ("https://vc1.example:8443/sdk", "https://vc1.example:8443/sdk"),
        ("recorded:/var/pages", "recorded:vc1"),
    ],
)
def test_the_source_is_the_address_of_the_vcenter(url: str, expected: str) -> None:
    assert expected == source_of(url, "vc1")
