from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.cloudevents import CloudEvent, json
from schemas.cloudevents.attributes import canonical
from schemas.cloudevents.http import Message, from_request, to_binary, to_structured
from schemas.errors import InvalidEvent
from tests.schemas.cloudevents.strategies import events, texts

BARE = CloudEvent(id="1", source="/probe", type="com.example.probe")
JSON_FORMAT = "application/cloudevents+json"
REQUIRED = (
    ("ce-specversion", "1.0"),
    ("ce-id", "1"),
    ("ce-source", "/probe"),
    ("ce-type", "com.example.probe"),
)


def refused(headers: tuple[tuple[str, str], ...], body: bytes = b"") -> str:
    with pytest.raises(InvalidEvent) as caught:
        from_request(headers, body)
    return str(caught.value)


def subject_from(value: str) -> str | None:
    return from_request((*REQUIRED, ("ce-subject", value)), b"").subject


def test_binary_mode_is_headers_and_the_data_as_it_is() -> None:
    event = replace(
        BARE,
        subject="Euro € 😀",
        time="2026-01-02T03:04:05.123456789+01:00",
        datacontenttype='text/plain; charset="utf-8"',
        extensions={"dryrun": False, "severitynumber": 9, "digest": b"\xff"},
        data=b"hi",
    )

    assert Message(
        headers=(
            *REQUIRED,
            ("ce-subject", "Euro%20%E2%82%AC%20%F0%9F%98%80"),
            ("ce-time", "2026-01-02T03:04:05.123456789+01:00"),
            ("ce-dryrun", "false"),
            ("ce-severitynumber", "9"),
            ("ce-digest", "/w=="),
            ("content-type", 'text/plain; charset="utf-8"'),
        ),
        body=b"hi",
    ) == to_binary(event)


@given(events())
def test_binary_mode_comes_back_with_extensions_as_canonical_strings(event: CloudEvent) -> None:
    as_strings = {name: canonical(value) for name, value in event.extensions.items()}

    assert replace(event, extensions=as_strings, data=event.data or None) == from_request(*to_binary(event))


@given(events())
def test_header_values_are_printable_ascii_without_blanks_in_attributes(event: CloudEvent) -> None:
    for name, value in to_binary(event).headers:
        assert value.isascii()
        assert value.isprintable()
        assert name == "content-type" or not set(value) & set(' "')


@pytest.mark.parametrize("char", [" ", '"', "%", "é", "€", "😀", "\u00a0"])
def test_blank_quote_percent_and_what_is_not_ascii_are_encoded(char: str) -> None:
    expected = "".join(f"%{byte:02X}" for byte in char.encode())

    assert ("ce-subject", expected) in to_binary(replace(BARE, subject=char)).headers


def test_all_other_printable_ascii_is_sent_as_it_is() -> None:
    literal = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) not in '"%')

    assert ("ce-subject", literal) in to_binary(replace(BARE, subject=literal)).headers


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Euro%20%E2%82%AC%20%F0%9F%98%80", "Euro € 😀"),
        ("Euro%20%e2%82%ac", "Euro €"),
        ("%41%62c", "Abc"),
        ("a b", "a b"),
        (" padded\t", "padded"),
        ("%20padded%20", " padded "),
        ("%2541", "%41"),
        ('"quoted string"', "quoted string"),
        ('"a\\"b\\\\c\\d"', 'a"b\\cd'),
        ('"%41"', "A"),
        ('"\\%41"', "A"),
        ("%22a%22", '"a"'),
        ("back\\slash", "back\\slash"),
        ("a+b", "a+b"),
    ],
)
def test_a_value_is_unquoted_once_then_percent_decoded_once(value: str, expected: str) -> None:
    assert expected == subject_from(value)


@given(texts)
def test_needless_percent_encoding_is_accepted(text: str) -> None:
    assert text == subject_from("".join(f"%{byte:02x}" for byte in text.encode()))


@given(st.text("%0123456789abcdefABCDEF é"))
def test_any_header_value_is_decoded_to_what_its_octets_say_or_refused(value: str) -> None:
    with suppress(InvalidEvent):
        decoded = subject_from(value)
        assert unquote(value.strip(), errors="strict") == decoded


@given(st.text())
def test_no_header_value_breaks_the_reader(value: str) -> None:
    with suppress(InvalidEvent):
        subject_from(value)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("%C0%A0", "does not decode to UTF-8"),
        ("%FF", "does not decode to UTF-8"),
        ("%ED%A0%80", "does not decode to UTF-8"),
        ("100%", "holds a % without two hexadecimal digits after it"),
        ("%zz", "holds a % without two hexadecimal digits after it"),
        ("%4", "holds a % without two hexadecimal digits after it"),
        ('say "hi"', "holds a double quote that must be percent-encoded"),
        ('"open', "holds a double quote that must be percent-encoded"),
        ('"open\\"', "holds a double quote that must be percent-encoded"),
        ('"a" "b"', "holds a double quote that must be percent-encoded"),
        ("café", "holds characters that must be percent-encoded"),
        ("a\udce9", "holds characters that must be percent-encoded"),
        ("a\tb", "holds characters that must be percent-encoded"),
    ],
)
def test_a_value_that_cannot_be_decoded_is_refused(value: str, reason: str) -> None:
    assert f"subject: its header {reason}" == refused((*REQUIRED, ("ce-subject", value)))


def test_what_percent_encoding_smuggles_in_is_checked_too() -> None:
    assert "subject: no attribute may hold U+000A, found at index 1" == refused((*REQUIRED, ("ce-subject", "a%0Ab")))


def test_structured_mode_is_one_header_and_the_event_as_body() -> None:
    assert Message((("content-type", "application/cloudevents+json"),), json.dumps(BARE)) == to_structured(BARE)


@given(events())
def test_structured_mode_comes_back_as_the_json_format_does(event: CloudEvent) -> None:
    assert json.loads(json.dumps(event)) == from_request(*to_structured(event))


@pytest.mark.parametrize(
    "content_type",
    ["application/cloudevents+json", " Application/CloudEvents+JSON ", "application/cloudevents+json; charset=UTF-8"],
)
def test_the_content_type_alone_decides_the_mode(content_type: str) -> None:
    headers = (("Ce-Id", "of another event"), ("ce-id", "%zz"), ("Content-Type", content_type))

    assert BARE == from_request(headers, json.dumps(BARE))


def test_header_names_are_case_insensitive_and_foreign_ones_ignored() -> None:
    headers = (
        *((name.title(), value) for name, value in REQUIRED),
        ("Host", "localhost"),
        ("ce", "x"),
        ("X-ce-id", "2"),
        ("ce_id", "2"),
        ("X-Latin", "caf\u00e9"),
        ("CONTENT-TYPE", "text/plain"),
    )

    assert replace(BARE, datacontenttype="text/plain", data=b"hi") == from_request(iter(headers), b"hi")


def test_an_empty_body_is_no_data() -> None:
    assert from_request((*REQUIRED, ("content-type", "application/json")), b"").data is None
    assert b"" == to_binary(BARE).body


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ((), "specversion, id, source, type: required, but missing"),
        (REQUIRED[1:], "specversion: required, but missing"),
        ((*REQUIRED, ("CE-ID", "1")), "id: the request has two such headers"),
        ((*REQUIRED, ("ce-a_b", "1")), "'a_b': is no attribute name; only a-z and 0-9 are allowed"),
        ((*REQUIRED, ("ce-data", "1")), "data: is a reserved name, not an extension"),
        ((*REQUIRED, ("ce-subject", "")), "subject: must not be empty"),
        (
            (*REQUIRED, ("ce-datacontenttype", "a/b")),
            "datacontenttype: belongs in the header content-type, not ce-datacontenttype",
        ),
        ((*REQUIRED, ("content-type", "")), "datacontenttype: must not be empty"),
        ((*REQUIRED, ("content-type", "json")), "datacontenttype: 'json' is not a media type (RFC 2046)"),
        (
            (*REQUIRED, ("content-type", "a/b"), ("Content-Type", "a/b")),
            "datacontenttype: the request has two content-type headers",
        ),
        (
            (*REQUIRED, ("content-type", "Application/CloudEvents-Batch+JSON; charset=utf-8")),
            "content-type: 'application/cloudevents-batch+json' is a batch (send one event per message)",
        ),
        (
            (*REQUIRED, ("content-type", "application/cloudevents+xml")),
            f"content-type: 'application/cloudevents+xml' is not a supported event format (send {JSON_FORMAT})",
        ),
        (
            (("content-type", "application/cloudevents+json"),),
            "event: not a JSON object: Expecting '{': line 1 column 1 (char 0)",
        ),
    ],
)
def test_a_wrong_request_is_refused_with_the_attribute_and_the_reason(
    headers: tuple[tuple[str, str], ...], reason: str
) -> None:
    assert reason == refused(headers)


def test_data_that_is_a_cloudevent_cannot_hide_in_binary_mode() -> None:
    with pytest.raises(InvalidEvent, match=r"^datacontenttype: .* cannot be sent in binary mode"):
        to_binary(replace(BARE, datacontenttype="application/cloudevents+json", data=json.dumps(BARE)))
