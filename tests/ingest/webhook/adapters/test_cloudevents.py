from __future__ import annotations

from typing import TYPE_CHECKING

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.webhook.adapters.cloudevents import refusal, to_events
from ingest.webhook.request import Request
from schemas.cloudevents import CloudEvent, json, kafka
from schemas.errors import InvalidEvent

if TYPE_CHECKING:
    from collections.abc import Sequence

JSON = ("Content-Type", "application/json")
BINARY = (
    ("ce-specversion", "1.0"),
    ("ce-id", "1"),
    ("ce-source", "/probe"),
    ("ce-type", "com.example.probe"),
)
BATCH = (("Content-Type", "application/cloudevents-batch+json"),)
EVENTS = [
    CloudEvent(id=id_, source="/probe", type="t", datacontenttype="application/json", data=b'{"n": 1.50}')
    for id_ in ("2", "1", "2")
]


def events(headers: Sequence[tuple[str, str]], body: bytes) -> Sequence[CloudEvent]:
    return to_events(Request("POST", "", tuple(headers), body, "events"))


@pytest.mark.parametrize(
    "headers",
    [
        (("Content-Type", "application/cloudevents+json"),),
        (("content-type", "Application/CloudEvents+JSON; charset=utf-8"),),
        BINARY,
        (*BINARY, JSON),
        (*BINARY, ("Content-Type", "image/png")),
        (("CE-Id", "1"),),
        BATCH,
        (*BINARY, *BATCH),
    ],
)
def test_announced_cloudevents_are_taken(headers: tuple[tuple[str, str], ...]) -> None:
    assert None is refusal(headers)


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ((), "Not a CloudEvent"),
        ((JSON,), "Not a CloudEvent"),
        ((("Content-Type", "text/plain"), ("X-ce-id", "1")), "Not a CloudEvent"),
        ((("Content-Type", "application/cloudevents+avro"),), "only application/cloudevents"),
        ((("Content-Type", "application/cloudevents-batch+avro"),), "only application/cloudevents"),
        ((("Content-Type", "application/cloudevents"),), "only application/cloudevents"),
    ],
)
def test_other_media_types_are_refused_with_what_to_send(headers: tuple[tuple[str, str], ...], reason: str) -> None:
    assert reason in (refusal(headers) or "")


def test_a_binary_event_keeps_every_attribute_and_its_data() -> None:
    headers = (*BINARY, JSON, ("ce-subject", "Euro%20%E2%82%AC"), ("ce-vcenter", "vc1"), ("X-Other", "1"))

    (event,) = events(headers, b' {"a": 1.0}')

    assert (
        CloudEvent(
            id="1",
            source="/probe",
            type="com.example.probe",
            subject="Euro €",
            datacontenttype="application/json",
            extensions={"vcenter": "vc1"},
            data=b' {"a": 1.0}',
        )
        == event
    )


def test_a_batch_is_its_events_in_their_order_whatever_ce_headers_say() -> None:
    body = b"[" + b", ".join(map(json.dumps, EVENTS)) + b"]"

    assert EVENTS == list(events((*BINARY, *BATCH), body))


def test_a_batch_may_be_empty() -> None:
    assert [] == list(events(BATCH, b" []"))


def test_a_wrong_event_of_a_batch_is_named() -> None:
    body = b"[" + json.dumps(EVENTS[0]) + b', {"specversion": "1.0", "id": "1", "source": "/a"}]'

    with pytest.raises(InvalidEvent, match=r"^event 1: type: required"):
        events(BATCH, body)


names = st.sampled_from(
    ["ce-id", "ce-source", "ce-type", "ce-specversion", "ce-time", "ce-data", "ce-x", "Content-Type", "ce-"]
)
values = st.sampled_from(
    [
        "1.0",
        "/a",
        "application/cloudevents+json",
        BATCH[0][1],
        "application/json",
        "%",
        "%C0%A0",
        '"',
        "\udcff",
        "",
        "text",
    ]
) | st.text(max_size=10)


@given(st.lists(st.tuples(names | st.text(max_size=8), values), max_size=8), st.binary(max_size=60))
def test_any_headers_and_bytes_are_an_event_or_invalid(headers: list[tuple[str, str]], body: bytes) -> None:
    event_or_invalid(headers, body)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
envelopes = st.fixed_dictionaries(
    {"specversion": st.just("1.0"), "id": st.text(max_size=4), "source": st.just("/a"), "type": st.just("t")},
    optional={
        "data": json_values,
        "data_base64": json_values,
        "datacontenttype": st.sampled_from(["application/json", "text/plain", "application/cloudevents+json"]),
        "time": json_values,
        "ext": json_values,
    },
)


@given(envelopes | json_values)
def test_any_json_in_structured_mode_is_an_event_or_invalid(value: object) -> None:
    try:
        body = orjson.dumps(value)
    except TypeError:  # an integer beyond 64 bits
        body = repr(value).encode()
    event_or_invalid([("Content-Type", "application/cloudevents+json")], body)
    event_or_invalid(BATCH, b"[" + body + b"," + body + b"]")


def event_or_invalid(headers: Sequence[tuple[str, str]], body: bytes) -> None:
    try:
        messages = [kafka.to_binary(event) for event in events(headers, body)]
    except InvalidEvent:
        return
    for message in messages:
        assert message == kafka.to_binary(kafka.from_message(message.headers, message.value))
