from __future__ import annotations

import copy
import hashlib
from contextlib import suppress
from typing import Any

import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ingest.webhook.adapters import log_alert
from schemas.cloudevents import CloudEvent, kafka
from schemas.errors import InvalidEvent

ALERT = {
    "origin": "notifications",
    "event": {
        "event_id": "01J53E4ZH23037GH75R",
        "created_on": "2024-08-12T13:58:44.587000Z",
        "message": "Self-healing datacenter - TEST",
        "metadata": {
            "full_message": "<13>1 2024-08-12T15:58:44.587592+02:00 test01 root 938543 - - I am infected",
            "source": "test01",
        },
    },
}

MISSING = object()


def changed(path: str, value: object) -> bytes:
    """ALERT with the member at `path` replaced, or removed when the value is MISSING."""
    alert = copy.deepcopy(ALERT)
    *parents, last = path.split(".")
    target: Any = alert
    for name in parents:
        target = target[name]
    if value is MISSING:
        del target[last]
    else:
        target[last] = value
    return orjson.dumps(alert)


def test_the_alert_of_the_seed_becomes_this_event() -> None:
    body = orjson.dumps(ALERT)

    event = log_alert.to_event(body)

    assert (
        CloudEvent(
            id="01J53E4ZH23037GH75R",
            source="/ingest/webhook/log-alert/notifications",
            type="com.reflexarc.log.alert.v0",
            subject="notifications",
            time="2024-08-12T13:58:44.587000Z",
            datacontenttype="application/json",
            extensions={"partitionkey": "log-alert/test01"},
            data=body,
        )
        == event
    )


def test_the_data_are_the_bytes_of_the_body_whatever_their_layout() -> None:
    body = b'  { "more" : 1.50, "twice": 1, "twice": 2, ' + orjson.dumps(ALERT).lstrip(b"{") + b"\n"

    assert body == log_alert.to_event(body).data


@pytest.mark.parametrize("absent", [MISSING, None])
def test_without_an_event_id_the_hash_of_the_body_is_the_id(absent: object) -> None:
    body = changed("event.event_id", absent)

    assert hashlib.sha256(body).hexdigest() == log_alert.to_event(body).id


@pytest.mark.parametrize(
    ("origin", "source"),
    [
        ("a b/c?d#e%f", "/ingest/webhook/log-alert/a%20b%2Fc%3Fd%23e%25f"),
        ("büro", "/ingest/webhook/log-alert/b%C3%BCro"),
        ("..", "/ingest/webhook/log-alert/.."),
    ],
)
def test_the_origin_is_escaped_in_the_source_and_plain_in_the_subject(origin: str, source: str) -> None:
    event = log_alert.to_event(changed("origin", origin))

    assert (source, origin) == (event.source, event.subject)


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        ("origin", MISSING, "origin: required, but missing"),
        ("origin", "", "origin: must not be empty"),
        ("origin", 7, "origin: must be a string"),
        ("origin", "a\nb", "origin: no attribute may hold U+000A, found at index 1"),
        ("event", MISSING, "event: required, but missing"),
        ("event", None, "event: must be a JSON object"),
        ("event", [], "event: must be a JSON object"),
        ("event.event_id", 5, "event.event_id: must be a string"),
        ("event.event_id", "", "event.event_id: must not be empty"),
        ("event.event_id", "\u007f", "event.event_id: no attribute may hold U+007F, found at index 0"),
        ("event.created_on", MISSING, "event.created_on: required, but missing"),
        ("event.created_on", 1723471124, "event.created_on: must be a string"),
        ("event.created_on", "yesterday", "event.created_on: 'yesterday' is not an RFC 3339 timestamp"),
        (
            "event.created_on",
            "2024-08-12T13:58:44",
            "event.created_on: '2024-08-12T13:58:44' is not an RFC 3339 timestamp",
        ),
        ("event.message", MISSING, "event.message: required, but missing"),
        ("event.message", {}, "event.message: must be a string"),
        ("event.metadata", MISSING, "event.metadata: required, but missing"),
        ("event.metadata", "x", "event.metadata: must be a JSON object"),
        ("event.metadata.full_message", MISSING, "event.metadata.full_message: required, but missing"),
        ("event.metadata.source", MISSING, "event.metadata.source: required, but missing"),
        ("event.metadata.source", "", "event.metadata.source: must not be empty"),
        ("event.metadata.source", None, "event.metadata.source: must be a string"),
    ],
)
def test_the_error_begins_with_the_json_path_at_fault(path: str, value: object, fault: str) -> None:
    with pytest.raises(InvalidEvent) as refused:
        log_alert.to_event(changed(path, value))

    assert fault == refused.value.message


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b'{"origin": NaN}', b"[" * 100_000, b'"\\ud800"'])
def test_a_body_that_is_not_json_is_named_as_such(body: bytes) -> None:
    with pytest.raises(InvalidEvent, match=r"^body: not JSON"):
        log_alert.to_event(body)


@pytest.mark.parametrize("body", [b"null", b"[]", b'"alert"', b"1"])
def test_a_body_that_is_no_object_is_named_as_such(body: bytes) -> None:
    with pytest.raises(InvalidEvent, match=r"^body: must be a JSON object$"):
        log_alert.to_event(body)


def test_lines_in_the_messages_do_not_matter() -> None:
    body = changed("event.metadata.full_message", "one\ntwo\x00")

    assert body == log_alert.to_event(body).data


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
words = st.text(max_size=12) | json_values
nearly_alerts = st.fixed_dictionaries(
    {},
    optional={
        "origin": words,
        "event": json_values
        | st.fixed_dictionaries(
            {},
            optional={
                "event_id": words,
                "created_on": st.datetimes().map(lambda at: at.isoformat() + "Z") | words,
                "message": words,
                "metadata": json_values | st.fixed_dictionaries({}, optional={"full_message": words, "source": words}),
            },
        ),
    },
)


@given(nearly_alerts | json_values)
@example(ALERT)
def test_any_json_is_an_event_that_kafka_can_carry_or_invalid(value: object) -> None:
    body = orjson.dumps(value)
    try:
        event = log_alert.to_event(body)
    except InvalidEvent:
        return

    message = kafka.to_binary(event)
    assert event == kafka.from_message(message.headers, message.value)


@given(st.binary(max_size=200))
def test_any_bytes_are_an_event_or_invalid(body: bytes) -> None:
    with suppress(InvalidEvent):
        assert body == log_alert.to_event(body).data
