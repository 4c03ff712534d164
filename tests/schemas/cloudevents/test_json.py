from __future__ import annotations

import json as stdlib
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.cloudevents import CloudEvent
from schemas.cloudevents.json import dumps, loads, loads_batch
from schemas.cloudevents.mediatype import is_json
from schemas.errors import InvalidEvent
from tests.schemas.cloudevents.strategies import events, json_types, other_types

BARE = CloudEvent(id="1", source="/probe", type="com.example.probe")
REQUIRED = '"specversion": "1.0", "id": "1", "source": "/probe", "type": "com.example.probe"'
TRICKY = (
    b'{"z":1,"a":2,"a":3}',
    b"12345678901234567890123",
    b"1.10",
    b"-0",
    b'"\\u00e9\xc3\xa9\\ud83d\\ude00"',
    b"[ 1 ,\n2\t]",
    b'"I\'m just a string"',
    b"null",
    b"true",
)
documents = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)


def envelope(members: str) -> bytes:
    return f"{{{REQUIRED}, {members}}}".encode()


def refused(body: bytes) -> str:
    with pytest.raises(InvalidEvent) as caught:
        loads(body)
    return str(caught.value)


def test_an_event_is_one_flat_object_of_native_json_types() -> None:
    event = replace(
        BARE,
        time="2026-01-02T03:04:05.123456789Z",
        datacontenttype="application/json",
        extensions={"text": "é", "number": -5, "flag": True, "digest": b"\xff"},
        data=b'{"Key":42}',
    )

    assert (
        b'{"specversion":"1.0","id":"1","source":"/probe","type":"com.example.probe"'
        b',"time":"2026-01-02T03:04:05.123456789Z","datacontenttype":"application/json"'
        b',"text":"\xc3\xa9","number":-5,"flag":true,"digest":"/w==","data":{"Key":42}}'
    ) == dumps(event)


@given(events())
def test_an_event_comes_back_with_its_binaries_as_base64(event: CloudEvent) -> None:
    expected = {
        name: stdlib.loads(dumps(event))[name] if isinstance(value, bytes) else value
        for name, value in event.extensions.items()
    }

    assert replace(event, extensions=expected) == loads(dumps(event))


@given(documents, json_types)
def test_json_data_is_embedded_as_a_value_and_comes_back_as_the_same_bytes(document: Any, content_type: str) -> None:
    data = stdlib.dumps(document, ensure_ascii=False).encode("utf-8", "replace")
    event = replace(BARE, datacontenttype=content_type, data=data)

    assert stdlib.loads(data) == stdlib.loads(dumps(event))["data"]
    assert data == loads(dumps(event)).data


@pytest.mark.parametrize("data", TRICKY)
def test_json_data_is_not_reformatted(data: bytes) -> None:
    event = replace(BARE, datacontenttype="application/json", data=data)

    assert b'"data":' + data + b"}" in dumps(event)
    assert data == loads(dumps(event)).data


def test_blanks_around_json_data_are_not_kept() -> None:
    assert b"[1]" == loads(dumps(replace(BARE, datacontenttype="application/json", data=b" \t\r\n[1]\n"))).data


@pytest.mark.parametrize(
    "data", [b"", b"hi", b"{", b"NaN", b"\xff", b'"\xff"', b"\xef\xbb\xbf1", b'"\\ud800"', b"1 2", b"'a'", b'"\x01"']
)
def test_data_that_is_declared_as_json_but_is_not_becomes_base64(data: bytes) -> None:
    event = replace(BARE, datacontenttype="application/json", data=data)

    assert "data" not in stdlib.loads(dumps(event))
    assert event == loads(dumps(event))


@given(st.binary(), st.none() | other_types | st.just("application/json; charset=utf-16"))
def test_data_of_any_other_type_becomes_base64(data: bytes, content_type: str | None) -> None:
    event = replace(BARE, datacontenttype=content_type, data=data)

    assert "data" not in stdlib.loads(dumps(event))
    assert event == loads(dumps(event))


def test_no_data_is_no_member() -> None:
    assert {"specversion", "id", "source", "type"} == set(stdlib.loads(dumps(BARE)))
    assert loads(dumps(BARE)).data is None


@pytest.mark.parametrize(
    ("members", "datacontenttype", "data"),
    [
        ('"data": {"a": 1}', "application/json", b'{"a": 1}'),
        ('"data": "text"', "application/json", b'"text"'),
        ('"data": null', "application/json", b"null"),
        ('"data": "{\\"a\\": 1}", "datacontenttype": "application/json"', "application/json", b'"{\\"a\\": 1}"'),
        ('"data": 1.10, "datacontenttype": "a/b+JSON; x=y"', "a/b+JSON; x=y", b"1.10"),
        ('"datacontenttype": null, "data": []', "application/json", b"[]"),
        ('"data": "<é/>", "datacontenttype": "application/xml"', "application/xml", "<é/>".encode()),
        ('"data": "", "datacontenttype": "text/plain"', "text/plain", b""),
        ('"data_base64": "/w=="', None, b"\xff"),
        ('"data_base64": "", "datacontenttype": "application/json"', "application/json", b""),
        (
            '"data_base64": "e30=", "datacontenttype": "text/plain; charset=latin-1"',
            "text/plain; charset=latin-1",
            b"{}",
        ),
        ('"data_base64": null', None, None),
        ('"data_base64": null, "data": 1', "application/json", b"1"),
        ('"datacontenttype": "application/json"', "application/json", None),
        ('"subject": null, "time": null, "x": null', None, None),
    ],
)
def test_data_members_are_read_as_their_type_says(
    members: str, datacontenttype: str | None, data: bytes | None
) -> None:
    assert replace(BARE, datacontenttype=datacontenttype, data=data) == loads(envelope(members))


def test_attribute_values_keep_their_json_type() -> None:
    event = loads(envelope('"flag": true, "number": -2147483648, "text": "5", "subject": "\\u00e9"'))

    assert replace(BARE, subject="é", extensions={"flag": True, "number": -(2**31), "text": "5"}) == event
    assert event.extensions["flag"] is True


def test_blanks_between_the_tokens_mean_nothing() -> None:
    assert BARE == loads(f" \n{{\t{REQUIRED.replace(',', ' ,').replace(':', ' : ')}\r\n}} ".encode())


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ('"data": 1, "data_base64": "e30="', "data: stands beside data_base64; only one of them may be present"),
        ('"data": null, "data_base64": ""', "data: stands beside data_base64; only one of them may be present"),
        ('"data_base64": {}', "data_base64: must be a string, not dict"),
        ('"data_base64": "e30"', "data_base64: not Base64: Incorrect padding"),
        ('"data_base64": "e3 0="', "data_base64: not Base64: "),
        ('"data_base64": "\\u00e9"', "data_base64: not Base64: "),
        ('"data": {}, "datacontenttype": "text/plain"', "data: must be a string, because datacontenttype is not JSON"),
        ('"data": null, "datacontenttype": "text/plain"', "data: must be a string, because datacontenttype is not"),
        ('"data": "\\ud800", "datacontenttype": "text/plain"', "data: holds a lone surrogate"),
        ('"data": "x", "datacontenttype": "text/plain; charset=latin-1"', "data: its charset is not UTF-8"),
        ('"data": 1, "datacontenttype": 5', "datacontenttype: must be a string, not int"),
        ('"datacontenttype": "json"', "datacontenttype: 'json' is not a media type (RFC 2046)"),
        ('"subject": ""', "subject: must not be empty"),
        ('"subject": "\\ud800"', "subject: no attribute may hold U+D800, found at index 0"),
        ('"subject": 5', "subject: must be a string, not int"),
        ('"time": 1522949460', "time: must be a string, not int"),
        ('"x": 1.0', "x: must be a string, integer, boolean or bytes, not float"),
        ('"x": 1e2', "x: must be a string, integer, boolean or bytes, not float"),
        ('"x": {}', "x: must be a string, integer, boolean or bytes, not dict"),
        ('"x": []', "x: must be a string, integer, boolean or bytes, not list"),
        ('"x": 2147483648', "x: is outside of the 32-bit range of an Integer"),
        ('"data_base": 1', "'data_base': is no attribute name; only a-z and 0-9 are allowed"),
        ('"X": "y"', "'X': is no attribute name; only a-z and 0-9 are allowed"),
        ('"x": 1, "x": 1', "event: not a JSON object: Member name occurs twice"),
        ('"id": "1"', "event: not a JSON object: Member name occurs twice"),
        ('"x": NaN', "event: not a JSON object: NaN is not JSON"),
        ('"data": [-Infinity]', "event: not a JSON object: -Infinity is not JSON"),
        ('"x": 01', "event: not a JSON object: Expecting ','"),
        ('"x": "a\tb"', "event: not a JSON object: Invalid control character"),
        ('"x" 1', "event: not a JSON object: Expecting ':'"),
        ('"x": ', "event: not a JSON object: Expecting value"),
        ("1: 1", "event: not a JSON object: Expecting a member name"),
        ("", "event: not a JSON object: Expecting value"),
        (f'"data": {"[" * 5000}{"]" * 5000}', "event: not a JSON object: maximum recursion depth exceeded"),
        (f'"data": {"1" * 5000}', "event: not a JSON object: Exceeds the limit"),
    ],
)
def test_a_wrong_member_is_refused_with_its_name_and_the_reason(members: str, reason: str) -> None:
    assert refused(envelope(members)).startswith(reason)


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b'"x"', b"{", b"}", b"{} {}", b"{}}", b"{},", b"x{}", b"{,}"])
def test_a_body_that_is_not_one_object_is_refused(body: bytes) -> None:
    assert refused(body).startswith("event: not a JSON object: ")


def test_an_object_without_members_lacks_every_required_attribute() -> None:
    assert "specversion, id, source, type: required, but missing" == refused(b"{}")


@pytest.mark.parametrize("required", ["id", "source", "type", "specversion"])
def test_a_required_attribute_that_is_null_is_missing(required: str) -> None:
    members = BARE.attributes() | {required: None}

    assert f"{required}: required, but missing" == refused(stdlib.dumps(members).encode())


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
def test_another_encoding_than_utf8_is_refused(encoding: str) -> None:
    assert "event: not UTF-8" == refused(f'{{{REQUIRED}, "x": "é"}}'.encode(encoding))


@given(st.binary() | st.text().map(str.encode))
def test_random_bytes_are_refused(body: bytes) -> None:
    refused(body)


@given(st.dictionaries(st.sampled_from([*BARE.attributes(), "subject", "time", "data", "data_base64", "x"]), documents))
def test_any_object_is_an_event_or_refused(members: dict[str, Any]) -> None:
    body = stdlib.dumps(BARE.attributes() | members, allow_nan=False).encode()
    with suppress(InvalidEvent):
        event = loads(body)
        assert event == loads(dumps(event))


@given(st.lists(events(extension_values=st.text("abc")), max_size=4))
def test_a_batch_is_an_array_of_events(batch: list[CloudEvent]) -> None:
    assert batch == loads_batch(b" [ " + b" ,\n".join(map(dumps, batch)) + b" ] ")


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"[", b"[1]", b"[[]]", b"[{}", b"[{},]", b"[{}]]", b"[] []", b"[]]", b"[,]", b"null"]
)
def test_what_is_no_array_of_objects_is_no_batch(body: bytes) -> None:
    with pytest.raises(InvalidEvent, match=r"^batch: not a JSON array of objects: "):
        loads_batch(body)


def test_a_wrong_event_of_a_batch_is_named_by_its_place() -> None:
    with pytest.raises(InvalidEvent, match=r"^event 1: subject: must not be empty$"):
        loads_batch(b"[" + dumps(BARE) + b"," + envelope('"subject": ""') + b"]")


@given(events())
def test_data_and_data_base64_never_stand_together(event: CloudEvent) -> None:
    members = stdlib.loads(dumps(event))

    assert ("data" in members) + ("data_base64" in members) == (event.data is not None)
    if "data" in members:
        assert is_json(event.datacontenttype or "")
