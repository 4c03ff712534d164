"""The CNCF package ``cloudevents`` reads what we write and writes what we read, apart from its known deviations.

Each deviation is asserted as it is: a test that fails here says that the package changed, not that we are wrong.
"""

from __future__ import annotations

import json as stdlib
from typing import Any

import pytest
from cloudevents.core.bindings import http as their_http
from cloudevents.core.bindings import kafka as their_kafka
from cloudevents.core.exceptions import CloudEventValidationError
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent as TheirEvent
from hypothesis import given
from hypothesis import strategies as st

from schemas.cloudevents import CloudEvent, http, json, kafka
from schemas.errors import InvalidEvent
from tests.schemas.cloudevents.strategies import names, sources, texts

JSON = JSONFormat()
REQUIRED = {"specversion": "1.0", "id": "1", "source": "/probe", "type": "com.example.probe"}
TIME = "2026-01-02T03:04:05.123456Z"
KAFKA_HEADERS = {f"ce_{name}": value.encode() for name, value in REQUIRED.items()}
HTTP_HEADERS = {f"ce-{name}": value for name, value in REQUIRED.items()}


@st.composite
def shared_events(draw: st.DrawFn) -> CloudEvent:
    """Events on which the package keeps to the specification: text attributes, a time, an object as JSON data."""
    return CloudEvent(
        id=draw(texts),
        source=draw(sources),
        type=draw(texts),
        subject=draw(st.none() | texts),
        time=TIME,
        datacontenttype="application/json",
        extensions=draw(st.dictionaries(names.filter(lambda name: name != "partitionkey"), texts, max_size=3)),
        data=stdlib.dumps(draw(st.dictionaries(texts, texts | st.integers(), min_size=1, max_size=3))).encode(),
    )


def assert_same(ours: CloudEvent, theirs: Any) -> None:
    attributes = theirs.get_attributes()
    time = attributes.pop("time").isoformat().replace("+00:00", "Z")
    assert ours.attributes() == attributes | {"time": time}
    assert stdlib.loads(ours.data or b"") == theirs.get_data()


def theirs_of(event: CloudEvent) -> TheirEvent:
    attributes = event.attributes() | {"time": JSON.read(None, json.dumps(event)).get_time()}
    return TheirEvent(attributes, stdlib.loads(event.data or b""))


def theirs(**attributes: Any) -> TheirEvent:
    return TheirEvent(REQUIRED | attributes)


def our_kafka(headers: dict[str, bytes], value: bytes | None) -> CloudEvent:
    return kafka.from_message(tuple(headers.items()), value)


def their_kafka_event(headers: dict[str, Any], value: bytes, key: bytes | None = None) -> Any:
    return their_kafka.from_kafka(their_kafka.KafkaMessage(headers, key, value), JSON)


@given(shared_events())
def test_they_read_our_kafka_messages(event: CloudEvent) -> None:
    for message in (kafka.to_binary(event), kafka.to_structured(event)):
        assert message.value is not None
        assert_same(event, their_kafka_event(dict(message.headers), message.value))


@given(shared_events())
def test_we_read_their_kafka_messages(event: CloudEvent) -> None:
    for write in (their_kafka.to_binary, their_kafka.to_structured):
        message = write(theirs_of(event), JSON)
        assert_same(our_kafka(message.headers, message.value), theirs_of(event))


@given(shared_events())
def test_they_read_our_http_messages(event: CloudEvent) -> None:
    for message in (http.to_binary(event), http.to_structured(event)):
        assert_same(event, their_http.from_http(their_http.HTTPMessage(dict(message.headers), message.body), JSON))


@given(shared_events())
def test_we_read_their_http_messages(event: CloudEvent) -> None:
    for write in (their_http.to_binary, their_http.to_structured):
        message = write(theirs_of(event), JSON)
        assert_same(http.from_request(message.headers.items(), message.body), theirs_of(event))


@given(texts)
def test_they_decode_our_percent_encoding(text: str) -> None:
    event = CloudEvent(id="1", source="/probe", type="t", subject=text)
    message = http.to_binary(event)

    assert text == their_http.from_http(their_http.HTTPMessage(dict(message.headers), b""), JSON).get_subject()


def test_deviation_1_a_ce_header_makes_them_read_an_envelope_as_data() -> None:
    envelope = stdlib.dumps(REQUIRED).encode()
    headers = {"ce_id": b"2", "content-type": b"application/cloudevents+json"}

    assert REQUIRED == their_kafka_event(KAFKA_HEADERS | headers, envelope).get_data()
    assert "1" == our_kafka(headers, envelope).id


def test_deviation_2_they_invent_what_is_missing() -> None:
    invented = their_kafka_event({"ce_source": b"/probe", "ce_type": b"t"}, b"")

    assert {"id", "specversion", "time"} < set(invented.get_attributes())
    with pytest.raises(InvalidEvent, match=r"^specversion, id: required, but missing$"):
        our_kafka({"ce_source": b"/probe", "ce_type": b"t"}, b"")
    assert our_kafka(KAFKA_HEADERS, b"").time is None


def test_deviation_3_the_record_key_overwrites_their_partitionkey() -> None:
    headers = KAFKA_HEADERS | {"ce_partitionkey": b"vm-1"}

    assert "vm-2" == their_kafka_event(headers, b"", key=b"vm-2").get_extension("partitionkey")
    with pytest.raises(UnicodeDecodeError):
        their_kafka_event(headers, b"", key=b"\xff")
    assert "vm-1" == our_kafka(headers, b"").extensions["partitionkey"]


def test_deviation_4_their_event_without_data_is_no_tombstone() -> None:
    assert b"" == their_kafka.to_binary(theirs(), JSON).value
    assert kafka.to_binary(CloudEvent(id="1", source="/probe", type="t")).value is None


@pytest.mark.parametrize(
    ("data", "datacontenttype", "value"),
    [
        ([{"a": 1}], "application/json", b"[{'a': 1}]"),
        ("hi", "application/json", b"hi"),
        ([None], "text/plain", b"[None]"),
    ],
)
def test_deviation_5_their_json_data_is_not_json(data: Any, datacontenttype: str, value: bytes) -> None:
    event = TheirEvent(REQUIRED | {"datacontenttype": datacontenttype}, data)

    assert value == their_kafka.to_binary(event, JSON).value


@pytest.mark.parametrize(
    ("value", "header"),
    [(True, b"True"), (b"\xff", b"b'\\xff'"), (2**40, b"1099511627776"), ([1], b"[1]"), ("a\nb", b"a\nb")],
)
def test_deviation_6_their_extension_values_are_neither_canonical_nor_checked(value: Any, header: bytes) -> None:
    assert header == their_kafka.to_binary(theirs(x=value), JSON).headers["ce_x"]


def test_deviation_6_they_take_any_text_for_a_uri() -> None:
    assert "not a uri" == theirs(source="not a uri").get_source()
    with pytest.raises(InvalidEvent, match=r"^source: 'not a uri' is not a URI-reference"):
        CloudEvent(id="1", source="not a uri", type="t")


def test_deviation_7_null_is_not_absent_to_them() -> None:
    body = stdlib.dumps(REQUIRED | {"subject": None}).encode()

    with pytest.raises(CloudEventValidationError):
        JSON.read(None, body)
    assert json.loads(body).subject is None


def test_deviation_7_an_array_crashes_them() -> None:
    with pytest.raises(AttributeError):
        JSON.read(None, b"[]")
    with pytest.raises(InvalidEvent):
        json.loads(b"[]")


@pytest.mark.parametrize(("value", "error"), [(None, AttributeError), (b"\xff", UnicodeDecodeError)])
def test_deviation_8_a_foreign_header_crashes_them(value: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        their_kafka_event(KAFKA_HEADERS | {"other": value}, b"")
    assert "1" == our_kafka(KAFKA_HEADERS | {"other": value}, b"").id


def test_deviation_9_their_headers_cannot_hold_a_name_twice() -> None:
    assert "dict[str, bytes]" in str(their_kafka.KafkaMessage.__annotations__["headers"])
    with pytest.raises(InvalidEvent, match=r"^id: the record has two such headers$"):
        kafka.from_message((*KAFKA_HEADERS.items(), ("ce_id", b"2")), b"")


def test_deviation_10_their_time_loses_its_nanoseconds() -> None:
    headers = KAFKA_HEADERS | {"ce_time": b"2026-01-02T03:04:05.123456789Z"}

    assert 123456 == their_kafka_event(headers, b"").get_time().microsecond
    assert "2026-01-02T03:04:05.123456789Z" == our_kafka(headers, b"").time


def test_deviation_10_their_names_may_end_in_a_newline() -> None:
    assert "y" == theirs(**{"x\n": "y"}).get_extension("x\n")


def test_deviation_10_their_broken_base64_is_silently_empty() -> None:
    body = stdlib.dumps(REQUIRED | {"data_base64": "????"}).encode()

    assert b"" == JSON.read(None, body).get_data()
    with pytest.raises(InvalidEvent, match=r"^data_base64: not Base64: "):
        json.loads(body)


@pytest.mark.parametrize(("value", "decoded"), [("%C0%A0", "\ufffd\ufffd"), ('"a b"', '"a b"')])
def test_deviation_11_their_header_values_are_decoded_loosely(value: str, decoded: str) -> None:
    message = their_http.HTTPMessage(HTTP_HEADERS | {"ce-subject": value}, b"")

    assert decoded == their_http.from_http(message, JSON).get_subject()


def test_deviation_11_they_write_nan_into_json() -> None:
    assert b"NaN" in JSON.write(TheirEvent(dict(REQUIRED), {"x": float("nan")}))


def test_deviation_12_their_constructor_changes_the_callers_attributes() -> None:
    attributes = {"source": "/probe", "type": "t"}
    event = TheirEvent(attributes)
    event.get_attributes()["type"] = "changed"

    assert {"source", "type", "id", "time", "specversion"} == set(attributes)
    assert "changed" == event.get_type()
    assert theirs(time=event.get_time()) != theirs(time=event.get_time())
