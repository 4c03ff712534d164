from __future__ import annotations

import dataclasses
import unicodedata
from contextlib import nullcontext
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.cloudevents import CloudEvent
from schemas.errors import InvalidEvent
from tests.schemas.cloudevents.strategies import events, names, values


def event(**attributes: Any) -> CloudEvent:
    return CloudEvent(**{"id": "1", "source": "/probe", "type": "com.example.probe"} | attributes)


def refused(**attributes: Any) -> str:
    with pytest.raises(InvalidEvent) as caught:
        event(**attributes)
    return caught.value.message


def test_absent_attributes_stay_absent() -> None:
    bare = event()

    assert {"specversion": "1.0", "id": "1", "source": "/probe", "type": "com.example.probe"} == bare.attributes()
    assert bare.data is None


@given(events())
def test_attributes_and_data_are_the_whole_event(given: CloudEvent) -> None:
    assert given == CloudEvent.from_attributes(given.attributes(), given.data)


def test_attributes_come_in_the_order_of_the_specification_extensions_last() -> None:
    full = event(
        extensions={"a": "x"}, dataschema="urn:a", datacontenttype="a/b", time="2026-01-01T00:00:00Z", subject="s"
    )

    assert [
        "specversion", "id", "source", "type", "subject", "time", "datacontenttype", "dataschema", "a",
    ] == list(full.attributes())  # fmt: skip


CORE = pytest.mark.parametrize("name", ["id", "source", "type", "subject", "time", "datacontenttype", "dataschema"])


@CORE
def test_a_core_attribute_is_not_empty(name: str) -> None:
    assert f"{name}: must not be empty" == refused(**{name: ""})


@CORE
@pytest.mark.parametrize("value", [5, b"x", True, ["x"]])
def test_a_core_attribute_is_a_string(name: str, value: object) -> None:
    assert f"{name}: must be a string, not {type(value).__name__}" == refused(**{name: value})


@CORE
@pytest.mark.parametrize("char", ["\0", "\n", "\x7f", "\x85", "\ud800", "\ufffe", "\ufdd0", "\U0010ffff"])
def test_a_core_attribute_holds_no_forbidden_character(name: str, char: str) -> None:
    assert f"{name}: no attribute may hold U+{ord(char):04X}, found at index 1" == refused(**{name: f"a{char}b"})


@pytest.mark.parametrize("name", ["id", "source", "type"])
def test_a_required_attribute_is_not_none(name: str) -> None:
    assert f"{name}: must be a string, not NoneType" == refused(**{name: None})


@given(st.text(min_size=1))
def test_exactly_controls_surrogates_and_noncharacters_are_refused(text: str) -> None:
    forbidden = any(
        unicodedata.category(char) in {"Cc", "Cs"} or 0xFDD0 <= ord(char) <= 0xFDEF or ord(char) & 0xFFFE == 0xFFFE
        for char in text
    )
    for attributes in ({"id": text}, {"extensions": {"x": text}}):
        with pytest.raises(InvalidEvent, match=r"^(id|x): no attribute may hold U\+") if forbidden else nullcontext():
            event(**attributes)


@pytest.mark.parametrize(
    "source",
    [
        "https://vc1.example.com/sdk",
        "https://user:pw@vc1.example.com:443/sdk?a=b/c?d#e",
        "http://[2001:db8::1]:80/",
        "http://[v7.x:y]",
        "http://h:/",
        "mailto:cncf-wg-serverless@lists.cncf.io",
        "urn:uuid:6e8bc430-9c3a-11d9-9669-0800200c9a66",
        "/cloudevents/spec/pull/123",
        "1-555-123-4567",
        "./a:b",
        "a/b:c",
        "//host/path",
        "?q",
        "#f",
        "caf%C3%A9",
    ],
)
def test_any_uri_reference_is_a_source(source: str) -> None:
    assert source == event(source=source).source


@pytest.mark.parametrize(
    "source",
    [
        "a b", "1:b", ":a", "1%20:b", "http://h h/", "http://h:8a/", "http://[::1", "//[::1]x", "a#b#c", "%zz", "100%",
        "café", "<x>", 'a"b', "a\\b", "a^b", "a`b", "{x}", "a|b",
    ],
)  # fmt: skip
def test_what_is_no_uri_reference_is_no_source(source: str) -> None:
    assert f"source: {source!r} is not a URI-reference (RFC 3986)" == refused(source=source)


@pytest.mark.parametrize("dataschema", ["https://example.com/schema.json?v=1", "urn:x:y", "a:"])
def test_an_absolute_uri_is_a_dataschema(dataschema: str) -> None:
    assert dataschema == event(dataschema=dataschema).dataschema


@pytest.mark.parametrize("dataschema", ["/relative", "//host/x", "https://example.com/x#fragment", "1:x"])
def test_a_relative_reference_or_a_fragment_is_no_dataschema(dataschema: str) -> None:
    assert "is not an absolute URI without fragment" in refused(dataschema=dataschema)


@pytest.mark.parametrize(
    "time",
    [
        "2018-04-05T17:31:00Z",
        "2018-04-05t17:31:00z",
        "2018-04-05T17:31:00.123456789Z",
        "2018-04-05T17:31:00.1+23:59",
        "2018-04-05T17:31:00-00:00",
        "2016-12-31T23:59:60Z",
        "2024-02-29T00:00:00Z",
        "2000-02-29T00:00:00Z",
        "0000-12-31T00:00:00Z",
    ],
)
def test_a_timestamp_is_kept_to_the_letter(time: str) -> None:
    assert time == event(time=time).time


@pytest.mark.parametrize(
    "time",
    [
        "2018-04-05", "2018-04-05T17:31:00", "2018-04-05 17:31:00Z", "2018-04-05T17:31Z", "2018-04-05T17:31:00.Z",
        "2018-04-05T17:31:00,5Z", "2018-04-05T17:31:00+0100", "2018-04-05T17:31:00+24:00", "2018-04-05T17:31:00+01:60",
        "2018-04-05T24:00:00Z", "2018-04-05T17:60:00Z", "2018-04-05T17:31:61Z", "2018-00-05T17:31:00Z",
        "2018-13-05T17:31:00Z", "2018-04-00T17:31:00Z", "2018-04-32T17:31:00Z", "18-04-05T17:31:00Z",
        "٢٠١٨-04-05T17:31:00Z", "2018-04-05T17:31:00Z ", "1522949460",
    ],
)  # fmt: skip
def test_what_is_no_rfc_3339_timestamp_is_no_time(time: str) -> None:
    assert f"time: {time!r} is not an RFC 3339 timestamp" == refused(time=time)


@pytest.mark.parametrize("day", ["2018-04-31", "2023-02-29", "1900-02-29", "2024-02-30"])
def test_a_day_that_the_calendar_lacks_is_refused(day: str) -> None:
    assert "names a day that does not exist" in refused(time=f"{day}T00:00:00Z")


@pytest.mark.parametrize(
    "datacontenttype",
    [
        "application/json",
        "Application/JSON; Charset=UTF-8",
        "text/plain;charset=utf-8",
        'multipart/mixed; boundary="a \\" b"; x=y',
        "application/vnd.x+json ;",
        "application/cloudevents+json",
    ],
)
def test_any_media_type_is_a_datacontenttype(datacontenttype: str) -> None:
    assert datacontenttype == event(datacontenttype=datacontenttype).datacontenttype


@pytest.mark.parametrize(
    "datacontenttype",
    ["json", "application/", "/json", "a/b c", "a/b; c", "a/b, c/d", " a/b", "a/b\u00e9", 'a/b; c="', "a/b; c = d"],
)
def test_what_is_no_media_type_is_no_datacontenttype(datacontenttype: str) -> None:
    assert f"datacontenttype: {datacontenttype!r} is not a media type (RFC 2046)" == refused(
        datacontenttype=datacontenttype
    )


@given(names, values)
def test_any_free_name_is_an_extension(name: str, value: object) -> None:
    assert value == event(extensions={name: value}).extensions[name]


@pytest.mark.parametrize(
    "name", ["", "Upper", "under_score", "dash-ed", "dot.ted", "é", "ab\n", "data_base64", 5, None]
)
def test_an_extension_name_is_a_to_z_and_0_to_9(name: object) -> None:
    assert f"{name!r}: is no attribute name; only a-z and 0-9 are allowed" == refused(extensions={name: "x"})


@pytest.mark.parametrize("name", ["data", "id", "specversion", "time", "datacontenttype"])
def test_an_extension_takes_no_reserved_name(name: str) -> None:
    assert f"{name}: is a reserved name, not an extension" == refused(extensions={name: "x"})


@pytest.mark.parametrize("value", [2**31, -(2**31) - 1, 10**30])
def test_an_integer_outside_of_32_bits_is_refused(value: int) -> None:
    assert "x: is outside of the 32-bit range of an Integer" == refused(extensions={"x": value})


@pytest.mark.parametrize("value", [None, 1.0, [], {}, ("x",), bytearray(b"x")])
def test_an_extension_of_no_attribute_type_is_refused(value: object) -> None:
    assert refused(extensions={"x": value}).startswith("x: must be a string, integer, boolean or bytes, not ")


@pytest.mark.parametrize("data", ["text", {}, bytearray(b"x"), 0])
def test_data_is_bytes_or_nothing(data: object) -> None:
    assert refused(data=data).startswith("data: must be bytes, not ")


def test_a_message_about_a_huge_value_stays_short() -> None:
    assert len(refused(source=" " * 10_000)) < 200
    assert len(refused(extensions={"x" * 10_000: 1.0})) < 200
    assert len(refused(extensions={"X" * 10_000: "x"})) < 200


def test_an_event_cannot_be_changed() -> None:
    given = {"x": "y"}
    kept = event(extensions=given)
    given["x"] = "z"

    assert "y" == kept.extensions["x"]
    with pytest.raises(TypeError):
        kept.extensions["x"] = "z"
    with pytest.raises(dataclasses.FrozenInstanceError):
        kept.id = "2"  # type: ignore[misc]


def test_a_changed_copy_is_checked_again() -> None:
    assert "2" == dataclasses.replace(event(), id="2").id
    with pytest.raises(InvalidEvent, match=r"^id: must not be empty"):
        dataclasses.replace(event(), id="")


def test_events_are_equal_by_content_and_hashed_by_identity() -> None:
    assert event(data=b"a") == event(data=b"a")
    assert event(data=b"a") != event(data=b"b")
    assert hash(event(data=b"a")) == hash(event(data=b"b"))
    assert hash(event(id="1")) != hash(event(id="2"))


def test_data_does_not_leak_into_logs_by_repr() -> None:
    assert "hidden" not in repr(event(data=b"hidden"))


@pytest.mark.parametrize("missing", ["specversion", "id", "source", "type"])
def test_a_missing_required_attribute_is_named(missing: str) -> None:
    attributes = event().attributes()
    del attributes[missing]

    with pytest.raises(InvalidEvent) as caught:
        CloudEvent.from_attributes(attributes, None)

    assert f"{missing}: required, but missing" == caught.value.message


def test_all_missing_required_attributes_are_named_at_once() -> None:
    with pytest.raises(InvalidEvent, match=r"^id, source, type: required, but missing$"):
        CloudEvent.from_attributes({"specversion": "1.0"}, None)


@pytest.mark.parametrize("specversion", ["0.3", "1.0.2", "", 1.0, None])
def test_another_specversion_is_refused(specversion: object) -> None:
    with pytest.raises(InvalidEvent) as caught:
        CloudEvent.from_attributes(event().attributes() | {"specversion": specversion}, None)

    assert f"specversion: must be '1.0', not {specversion!r}" == caught.value.message
