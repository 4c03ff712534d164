"""CloudEvents' own scenarios of the HTTP binding: the bytes of each request, and the event that is in Kafka then."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from schemas.cloudevents import kafka
from tests.conformance.scenario import ATTRIBUTES, DATA, STRUCTURED, envelope, expected, told

if TYPE_CHECKING:
    from tests.support.webhook import Record, Webhook

pytestmark = pytest.mark.stack

BINARY_LENGTH, STRUCTURED_LENGTH = 33, 266
"""Bytes of the bodies, by the headers of the scenarios."""


def request(headers: dict[str, str], body: bytes) -> bytes:
    lines = ["POST /someresource HTTP/1.1", "Host: example.com", *(f"{name}: {headers[name]}" for name in headers)]
    return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode() + body


def arrived(webhook: Webhook, sent: bytes) -> Record:
    """The one record that there is because of a request."""
    webhook.fresh()
    answer = webhook.send(sent)
    assert (202, b"") == (answer.status, answer.body)
    (record,) = webhook.fresh()
    return record


@pytest.mark.parametrize("content_type", ["application/json", "application/json; charset=utf-8"])
def test_a_binary_request_is_the_same_event_in_kafka(webhook: Webhook, content_type: str) -> None:
    """Every attribute a header, the content type as it was written, the body byte for byte."""
    body = json.dumps(DATA, indent=4).encode()
    assert BINARY_LENGTH == len(body)
    headers = {f"ce-{name}": ATTRIBUTES[name] for name in ("specversion", "type", "time", "id", "source")}

    record = arrived(webhook, request(headers | {"Content-Type": content_type}, body))

    assert expected(content_type) == told(kafka.from_message(*record))
    stored = {f"ce_{name}": value.encode() for name, value in ATTRIBUTES.items()}
    assert stored | {"content-type": content_type.encode()} == dict(record.headers)
    assert body == record.value


@pytest.mark.parametrize("content_type", STRUCTURED)
def test_a_structured_request_is_the_same_event_in_kafka(webhook: Webhook, content_type: str) -> None:
    """The envelope is opened: attributes are headers, the value is the data alone."""
    assert STRUCTURED_LENGTH == len(envelope())

    record = arrived(webhook, request({"Content-Type": content_type}, envelope()))

    assert expected() == told(kafka.from_message(*record))
    stored = {f"ce_{name}": value.encode() for name, value in ATTRIBUTES.items()}
    assert stored | {"content-type": b"application/json"} == dict(record.headers)
    assert DATA == json.loads(record.value or b"")
