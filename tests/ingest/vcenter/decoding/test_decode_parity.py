"""Bodies equal those of govmomi: 0.30.2 (pascal, what the VMware event router sends) and 0.52.0 (camel)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ingest.vcenter import decode_page
from ingest.vcenter.decoding.decode import Decoder
from ingest.vcenter.decoding.naming import CAMEL, PASCAL
from ingest.vcenter.decoding.unknowns import Unknowns
from tests.ingest.vcenter.pages import fixture

# Every event class with no optional property, and with random ones; 443 classes.
CORPORA = ["pascal_min", "pascal_r1", "camel_min", "camel_r1"]
NAMINGS = {"pascal": PASCAL, "camel": CAMEL}


def ordered(text: bytes | str) -> Any:
    """JSON whose objects are lists of pairs, so that equality includes the order of keys."""
    return json.loads(text, object_pairs_hook=lambda pairs: ("object", pairs))


@pytest.mark.parametrize("file", CORPORA)
def test_every_event_class_has_govmomis_body_in_govmomis_order(file: str) -> None:
    naming, _, corpus = file.partition("_")
    expected = fixture(f"{file}.jsonl").decode().splitlines()
    unknowns = Unknowns()
    events = Decoder(NAMINGS[naming], unknowns).page(fixture(f"corpus_{corpus}.xml"))
    assert len(expected) == len(events) == 443
    assert {} == unknowns.totals()
    for line, event in zip(expected, events, strict=True):
        assert ordered(line) == ordered(event.data), event.name


def test_a_page_of_power_events_is_complete_and_in_order() -> None:
    events = decode_page(fixture("page_1000_vm_power.xml"))
    assert list(range(6157, 7157)) == [event.key for event in events]
    first = {
        "Key": 6157,
        "ChainId": 6157,
        "CreatedTime": "2026-11-20T09:37:58.312680223Z",
        "UserName": "user",
        "Datacenter": {"Name": "DC0", "Datacenter": {"Type": "Datacenter", "Value": "datacenter-1"}},
        "ComputeResource": {
            "Name": "DC0_C0",
            "ComputeResource": {"Type": "ClusterComputeResource", "Value": "domain-c28"},
        },
        "Host": {"Name": "DC0_C0_H4", "Host": {"Type": "HostSystem", "Value": "host-77"}},
        "Vm": {"Name": "DC0_C0_RP0_VM2", "Vm": {"Type": "VirtualMachine", "Value": "vm-355"}},
        "Ds": {"Name": "LocalDS_0", "Datastore": {"Type": "Datastore", "Value": "datastore-192"}},
        "Net": None,
        "Dvs": None,
        "FullFormattedMessage": "DC0_C0_RP0_VM2 on host DC0_C0_H4 in DC0 is stopping",
        "ChangeTag": "",
        "Template": False,
    }
    assert list(first.items()) == list(json.loads(events[0].data).items())
