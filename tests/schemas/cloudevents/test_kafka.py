from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.cloudevents import CloudEvent, json
from schemas.cloudevents.attributes import canonical
from schemas.cloudevents.kafka import Message, from_message, partition_key, to_binary, to_structured
from schemas.errors import InvalidEvent
from tests.schemas.cloudevents.strategies import events, strings

JSON_FORMAT = "application/cloudevents+json"
REQUIRED = (
    ("ce_specversion", b"1.0"),
    ("ce_id", b"1"),
    ("ce_source", b"/probe"),
    ("ce_type", b"com.example.probe"),
)
BARE = CloudEvent(id="1", source="/probe", type="com.example.probe")
STRUCTURED = ("content-type", b"application/cloudevents+json")


def refused(headers: tuple[tuple[str, bytes | None], ...], value: bytes | None = None) -> str:
    with pytest.raises(InvalidEvent) as caught:
        from_message(headers, value)
    return str(caught.value)


def test_binary_mode_is_headers_and_the_data_as_it_is() -> None:
    event = CloudEvent(
        id="vc1/1/42",
        source="https://vc1.example.com/sdk",
        type="com.vmware.vsphere.VmPoweredOffEvent.v0",
        subject="VmPoweredOffEvent",
        time="2026-01-02T03:04:05.123456789Z",
        datacontenttype="application/json",
        dataschema="urn:vsphere:8",
        extensions={"vcenter": "münchen", "dryrun": True, "severitynumber": -9, "digest": b"\xff"},
        data=b' {"Key": 42} ',
    )

    assert Message(
        headers=(
            ("ce_specversion", b"1.0"),
            ("ce_id", b"vc1/1/42"),
            ("ce_source", b"https://vc1.example.com/sdk"),
            ("ce_type", b"com.vmware.vsphere.VmPoweredOffEvent.v0"),
            ("ce_subject", b"VmPoweredOffEvent"),
            ("ce_time", b"2026-01-02T03:04:05.123456789Z"),
            ("ce_dataschema", b"urn:vsphere:8"),
            ("ce_vcenter", "münchen".encode()),
            ("ce_dryrun", b"true"),
            ("ce_severitynumber", b"-9"),
            ("ce_digest", b"/w=="),
            ("content-type", b"application/json"),
        ),
        value=b' {"Key": 42} ',
    ) == to_binary(event)


@given(events())
def test_binary_mode_comes_back_with_extensions_as_canonical_strings(event: CloudEvent) -> None:
    as_strings = {name: canonical(value) for name, value in event.extensions.items()}

    assert replace(event, extensions=as_strings) == from_message(*to_binary(event))


@given(events(extension_values=strings))
def test_a_second_pass_changes_nothing(event: CloudEvent) -> None:
    message = to_binary(event)

    assert message == to_binary(from_message(*message))


@pytest.mark.parametrize("data", [None, b"", b"\x00\xff"])
def test_no_data_is_a_record_without_value_and_empty_data_is_not(data: bytes | None) -> None:
    message = to_binary(replace(BARE, data=data))

    assert data == message.value
    assert data == from_message(*message).data


def test_structured_mode_is_one_header_and_the_event_as_value() -> None:
    assert Message((STRUCTURED,), json.dumps(BARE)) == to_structured(BARE)


@given(events())
def test_structured_mode_comes_back_as_the_json_format_does(event: CloudEvent) -> None:
    assert json.loads(json.dumps(event)) == from_message(*to_structured(event))


@pytest.mark.parametrize(
    "content_type", [b"application/cloudevents+json", b"APPLICATION/CloudEvents+JSON; charset=UTF-8"]
)
@pytest.mark.parametrize("key", ["content-type", "Content-Type"])
def test_the_content_type_alone_decides_the_mode(key: str, content_type: bytes) -> None:
    other = ("ce_id", b"of another event")

    assert BARE == from_message((*REQUIRED[:1], other, (key, content_type)), json.dumps(BARE))


def test_an_envelope_without_its_content_type_is_the_data_of_a_binary_event() -> None:
    event = from_message((*REQUIRED, ("content-type", b"application/json")), json.dumps(BARE))

    assert replace(BARE, datacontenttype="application/json", data=json.dumps(BARE)) == event


def test_structured_mode_ignores_whatever_ce_headers_hold() -> None:
    headers = (("ce_id", None), ("ce_id", b"\xff"), ("ce_BAD", b""), STRUCTURED)

    assert BARE == from_message(headers, json.dumps(BARE))


@pytest.mark.parametrize(
    "foreign",
    [
        ("reflexarc_origin", b"3/17"),
        ("traceparent", b"00-0-0-00"),
        ("ce-id", b"2"),
        ("cesium", b"55"),
        ("X", None),
        ("Y", b"\xff\xfe"),
        ("", b""),
        ("data", b"x"),
    ],
)
def test_foreign_headers_are_no_attributes(foreign: tuple[str, bytes | None]) -> None:
    assert BARE == from_message((foreign, *REQUIRED, foreign), None)


@pytest.mark.parametrize("headers", [None, (), []])
def test_a_record_without_headers_is_no_event(headers: None) -> None:
    with pytest.raises(InvalidEvent, match=r"^specversion, id, source, type: required, but missing$"):
        from_message(headers, b"{}")


@pytest.mark.parametrize("missing", range(4))
def test_nothing_is_invented_for_a_missing_header(missing: int) -> None:
    headers = REQUIRED[:missing] + REQUIRED[missing + 1 :]

    assert f"{REQUIRED[missing][0][3:]}: required, but missing" == refused(headers)


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ((*REQUIRED, ("ce_id", b"1")), "id: the record has two such headers"),
        ((*REQUIRED, ("ce_x", b"1"), ("ce_x", b"2")), "x: the record has two such headers"),
        ((*REQUIRED, ("ce_subject", None)), "subject: its header has no value"),
        ((*REQUIRED, ("ce_subject", b"\xff")), "subject: its header is not UTF-8"),
        ((*REQUIRED, ("ce_subject", b"\xed\xa0\x80")), "subject: its header is not UTF-8"),
        ((*REQUIRED, ("ce_subject", b"")), "subject: must not be empty"),
        ((*REQUIRED, ("ce_Subject", b"x")), "'Subject': is no attribute name; only a-z and 0-9 are allowed"),
        ((*REQUIRED, ("ce_", b"x")), "'': is no attribute name; only a-z and 0-9 are allowed"),
        ((*REQUIRED, ("ce_a\nb", None)), "'a\\nb': its header has no value"),
        ((*REQUIRED, ("ce_data", b"x")), "data: is a reserved name, not an extension"),
        (
            (*REQUIRED, ("ce_datacontenttype", b"a/b")),
            "datacontenttype: belongs in the header content-type, not ce_datacontenttype",
        ),
        ((*REQUIRED, ("content-type", None)), "datacontenttype: its header has no value"),
        ((*REQUIRED, ("content-type", b"\xff")), "datacontenttype: its header is not UTF-8"),
        ((*REQUIRED, ("content-type", b"json")), "datacontenttype: 'json' is not a media type (RFC 2046)"),
        (
            (*REQUIRED, ("content-type", b"a/b"), ("Content-Type", b"a/b")),
            "datacontenttype: the record has two content-type headers",
        ),
        ((STRUCTURED,), "event: the record says it is structured, but has no value"),
        (
            (*REQUIRED, ("content-type", b"application/cloudevents-batch+json")),
            "content-type: 'application/cloudevents-batch+json' is a batch (send one event per message)",
        ),
        (
            (*REQUIRED, ("content-type", b"application/cloudevents+avro")),
            f"content-type: 'application/cloudevents+avro' is not a supported event format (send {JSON_FORMAT})",
        ),
    ],
)
def test_a_wrong_record_is_refused_with_the_attribute_and_the_reason(
    headers: tuple[tuple[str, bytes | None], ...], reason: str
) -> None:
    assert reason == refused(headers)


def test_data_that_is_a_cloudevent_cannot_hide_in_binary_mode() -> None:
    nested = replace(BARE, datacontenttype="Application/CloudEvents+json", data=json.dumps(BARE))

    with pytest.raises(InvalidEvent, match=r"^datacontenttype: .* cannot be sent in binary mode"):
        to_binary(nested)
    assert nested.datacontenttype == from_message(*to_structured(nested)).datacontenttype


@given(
    st.lists(st.tuples(st.text() | st.sampled_from([key for key, _ in REQUIRED]), st.none() | st.binary())),
    st.none() | st.binary(),
)
def test_any_record_is_an_event_or_refused(headers: list[tuple[str, bytes | None]], value: bytes | None) -> None:
    with suppress(InvalidEvent):
        assert isinstance(from_message(headers, value), CloudEvent)


@pytest.mark.parametrize(
    ("extensions", "expected"),
    [
        ({}, None),
        ({"partitionkey": "vc1/vm-42"}, b"vc1/vm-42"),
        ({"partitionkey": ""}, b""),
        ({"partitionkey": "ü"}, "ü".encode()),
        ({"partitionkey": 7}, b"7"),
    ],
)
def test_the_record_key_is_the_partitionkey_extension(extensions: dict[str, str | int], expected: bytes | None) -> None:
    assert expected == partition_key(replace(BARE, extensions=extensions))
