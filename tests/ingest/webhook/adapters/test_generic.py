from __future__ import annotations

import hashlib

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.webhook.adapters.generic import adapter
from schemas.cloudevents import CloudEvent
from schemas.config.webhook.generic import EventConfig
from tests.support.adapters import changed, json_values, recorded, refusal, request, sound, spoilt

BACKUP = "generic/backup"
JOBS = EventConfig(
    each="$.jobs[*]",
    id="@.run",
    type="com.reflexarc.backup.v0",
    subject="@.state",
    time="@.ended",
    key="@.tags[?@.name == 'owner'].value",
)


def test_every_element_becomes_an_event() -> None:
    failed, done = adapter(JOBS).adapt(request(recorded(BACKUP)))

    assert (
        CloudEvent(
            id="12345678901234567890123",
            source="/ingest/webhook/door",
            type="com.reflexarc.backup.v0",
            subject="failed",
            time="2024-08-12T13:58:44.587Z",
            datacontenttype="application/json",
            extensions={"partitionkey": "storage"},
            data=failed.data,
        )
        == failed
    )
    assert ("7", "done", "2024-08-12T13:58:45Z", "door") == (
        done.id,
        done.subject,
        done.time,
        done.extensions["partitionkey"],
    )


def test_the_data_of_an_element_keep_the_spelling_of_their_numbers() -> None:
    first, second = (event.data for event in adapter(JOBS).adapt(request(recorded(BACKUP))))

    assert b'{"run":12345678901234567890123,' in first
    assert b'"size":1.50,' in first
    assert b'"size":2e3,' in second


def test_without_settings_the_payload_is_one_event_with_the_body_as_it_came() -> None:
    body = recorded(BACKUP)
    hashed = hashlib.sha256(body).hexdigest()

    assert [
        CloudEvent(
            id=hashed,
            source="/ingest/webhook/door",
            type="com.reflexarc.generic.event.v0",
            subject="door",
            datacontenttype="application/json",
            extensions={"partitionkey": "door"},
            data=body,
        )
    ] == adapter(EventConfig()).adapt(request(body))


def test_without_an_id_elements_are_told_apart_by_their_position() -> None:
    body = recorded(BACKUP)
    hashed = hashlib.sha256(body).hexdigest()
    events = adapter(EventConfig(each="$.jobs[*]")).adapt(request(body))

    assert [f"{hashed}/0", f"{hashed}/1"] == [event.id for event in events]


def test_elements_may_take_attributes_from_the_payload_around_them() -> None:
    settings = EventConfig(each="$.jobs[*]", subject="$.site", time="$.sent", key="@.vm")

    assert [("a", "2024-08-12T13:58:44Z", "test01"), ("a", "2024-08-12T13:58:44Z", "test02")] == [
        (event.subject, event.time, event.extensions["partitionkey"])
        for event in adapter(settings).adapt(request(recorded(BACKUP)))
    ]


def test_elements_may_be_texts() -> None:
    settings = EventConfig(each="$[*]", id="@", subject="@.none")

    assert [("a", b'"a"'), ("1.0", b"1.0")] == [
        (event.id, event.data) for event in adapter(settings).adapt(request(b'["a", 1.0]'))
    ]


def test_no_element_is_no_event() -> None:
    assert [] == adapter(JOBS).adapt(request(b"{}"))


@pytest.mark.parametrize(
    ("settings", "body", "fault"),
    [
        (EventConfig(id="$.id"), b"{}", "$.id: leads to no text or number, and is the id"),
        (EventConfig(id="$.id"), b'{"id": ["a"]}', "$.id: leads to no text or number, and is the id"),
        (EventConfig(type="$.id"), b'{"id": ""}', "$.id: leads to no text or number, and is the type"),
        (JOBS, b'{"jobs": [{}]}', "@.run: leads to no text or number, and is the id"),
        (EventConfig(), b'"text"', "body: must be a JSON object or array"),
        (EventConfig(each="$[*]"), b"[" + b"1," * 10_000 + b"1]", "$[*]: leads to more than 10000 elements"),
        (EventConfig(), b"[" * 65 + b"]" * 65, "body: objects and arrays nest deeper than 64"),
    ],
)
def test_the_error_begins_with_the_path_at_fault(settings: EventConfig, body: bytes, fault: str) -> None:
    assert fault == refusal(adapter(settings), request(body))


@given(
    spoilt(BACKUP) | json_values.map(orjson.dumps) | st.binary(max_size=200),
    st.sampled_from([JOBS, EventConfig(), EventConfig(each="$[*][*]", subject="@[0]", time="$.sent")]),
)
def test_any_bytes_are_valid_events_or_refused(body: bytes, settings: EventConfig) -> None:
    sound(adapter(settings.model_copy(update={"id": None})), request(body))


def test_changed_elements_with_an_id_keep_it() -> None:
    body = changed(BACKUP, lambda payload: payload["jobs"].reverse())

    assert "7" == adapter(JOBS).adapt(request(body))[0].id
