from __future__ import annotations

import json as stdlib
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.cloudevents import json
from schemas.errors import Reject
from sinks.eventbridge.config import EventBridgeConfig
from sinks.eventbridge.entry import detail, group, identity, instant, to_entry
from tests.sinks.bench import event
from tests.sinks.eventbridge.bus import V2

NUMBERS = st.recursive(
    st.integers(-(2**70), 2**70) | st.text(st.characters(codec="ascii"), max_size=25) | st.none() | st.floats(0, 1e20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", max_size=2), inner, max_size=3),
    max_leaves=8,
)


def config(**fields: Any) -> EventBridgeConfig:
    return EventBridgeConfig.model_validate({"name": "s", "bus": "ours", **fields})


def whole_numbers(value: Any) -> list[int]:
    if isinstance(value, dict):
        return [number for inner in value.values() for number in whole_numbers(inner)]
    if isinstance(value, list):
        return [number for inner in value for number in whole_numbers(inner)]
    return [value] if isinstance(value, int) else []


def test_an_entry_has_source_type_and_time_of_the_event_and_all_of_it_as_detail() -> None:
    entry = to_entry(event(), config())

    assert "2026-11-20T09:36:17+00:00" == entry.pop("Time").isoformat()
    assert {
        "EventBusName": "ours",
        "Source": "https://vc1.example/sdk",
        "DetailType": "com.vmware.vsphere.VmPoweredOffEvent.v0",
        "Detail": json.dumps(event()).decode(),
    } == entry


def test_the_entry_of_the_vmware_event_router_has_the_subject_as_detail_type_and_neither_time_nor_resources() -> None:
    entry = to_entry(event(), config(mapping="event-router"))

    assert {
        "EventBusName": "ours",
        "Source": "https://vc1.example/sdk",
        "DetailType": "VmPoweredOffEvent",
        "Detail": json.dumps(event()).decode(),
    } == entry


def test_an_event_without_subject_keeps_its_type_as_detail_type() -> None:
    assert event().type == to_entry(event(subject=None), config(mapping="event-router"))["DetailType"]


def test_on_a_bus_with_subscribers_an_entry_names_its_group_and_its_identity_and_no_bus() -> None:
    entry = to_entry(event(), config(api="v2", bus=V2))

    assert {"Source", "DetailType", "Detail", "Time", "SystemMetadata"} == set(entry)
    assert {"EventGroupId": "vc1/vm-55", "DeduplicationId": identity(event())} == entry["SystemMetadata"]


@pytest.mark.parametrize(
    ("fields", "attributes"),
    [
        ({}, {"type": "t" * 129}),
        ({"mapping": "event-router"}, {"subject": "s" * 129}),
        ({"api": "v2", "bus": V2}, {"source": "s" * 257}),
    ],
)
def test_what_is_longer_than_aws_allows_is_a_dead_letter_that_says_so(
    fields: dict[str, Any], attributes: dict[str, str]
) -> None:
    with pytest.raises(Reject, match=r"would be (129|257) characters long, EventBridge takes (128|256)"):
        to_entry(event(**attributes), config(**fields))


def test_the_longest_detail_type_passes() -> None:
    assert "t" * 128 == to_entry(event(type="t" * 128), config())["DetailType"]


def test_a_classic_bus_takes_a_source_of_any_length() -> None:
    assert "s" * 300 == to_entry(event(source="s" * 300), config())["Source"]


@given(NUMBERS)
def test_a_detail_holds_no_whole_number_beyond_64_bits_and_is_the_same_event(value: Any) -> None:
    sent = event(data=stdlib.dumps(value).encode())

    body = detail(sent)

    assert [] == [number for number in whole_numbers(stdlib.loads(body)) if not -(2**63) <= number < 2**63]
    assert sent.attributes() == json.loads(body).attributes()
    assert sent.data is not None
    assert sent.data.strip() == (json.loads(body).data or b"").strip()


@pytest.mark.parametrize("number", [2**63, -(2**63) - 1, 10**40])
def test_data_with_a_number_beyond_64_bits_travel_as_base64(number: int) -> None:
    sent = event(data=f'{{"n": {number}}}'.encode())

    assert "data_base64" in orjson.loads(detail(sent))
    assert sent == json.loads(detail(sent))


@pytest.mark.parametrize("text", [f'{{"n":{2**63 - 1}}}', f'{{"n":{-(2**63)}}}', '{"n":"99999999999999999999"}'])
def test_data_without_one_stay_json(text: str) -> None:
    assert orjson.loads(text) == orjson.loads(detail(event(data=text.encode())))["data"]


@pytest.mark.parametrize(
    ("time", "expected"),
    [
        ("2026-11-20T09:36:17.913365487Z", "2026-11-20T09:36:17+00:00"),
        ("2026-11-20t11:36:17+02:00", "2026-11-20T09:36:17+00:00"),
        ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59+00:00"),
    ],
)
def test_a_time_is_taken_in_whole_seconds(time: str, expected: str) -> None:
    moment = instant(time)

    assert moment is not None
    assert expected == moment.isoformat()


@pytest.mark.parametrize("time", [None, "1969-12-31T23:59:59Z", "0000-01-01T00:00:00Z", "0001-01-01T00:00:00+23:00"])
def test_a_time_that_aws_does_not_know_is_left_out(time: str | None) -> None:
    assert "Time" not in to_entry(event(time=time), config())


def test_a_group_is_the_partition_key_then_the_source_and_never_too_long() -> None:
    long = event(extensions={"partitionkey": "k" * 129})

    assert "k" * 128 == group(event(extensions={"partitionkey": "k" * 128}))
    assert 64 == len(group(long))
    assert group(long) != group(event(extensions={"partitionkey": "k" * 130}))
    assert "https://vc1.example/sdk" == group(event(extensions={}))


def test_an_identity_is_that_of_source_and_id_together() -> None:
    assert identity(event(1)) == identity(event(1, subject="other", data=None))
    assert identity(event(1)) != identity(event(2))
    assert identity(event(source="a", id="bc")) != identity(event(source="ab", id="c"))
