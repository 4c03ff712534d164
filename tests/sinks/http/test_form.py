from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given

from clients.http import plain_lines
from schemas.cloudevents import http, json
from schemas.errors import InvalidEvent
from sinks.http import form
from tests.schemas.cloudevents.strategies import events

if TYPE_CHECKING:
    from schemas.cloudevents import CloudEvent


@given(event=events())
def test_binary_lines_are_the_headers_of_the_binding(event: CloudEvent) -> None:
    try:
        message = http.to_binary(event)
    except InvalidEvent as error:
        expected: object = str(error)
    else:
        lines = plain_lines(message.headers)
        if event.datacontenttype is None:
            lines = (*lines, b"Content-Type:")  # libcurl's spelling of a header that is not to be sent
        expected = (lines, message.body)
    try:
        actual: object = form.binary(event)
    except InvalidEvent as error:
        actual = str(error)

    assert expected == actual


@given(event=events())
def test_structured_is_the_message_of_the_binding(event: CloudEvent) -> None:
    lines, body = form.structured(event)

    assert http.to_structured(event).body == body
    assert (b"Content-Type: application/cloudevents+json",) == lines


@given(event=events(), other=events())
def test_a_batch_is_read_as_the_events_that_went_into_it(event: CloudEvent, other: CloudEvent) -> None:
    lines, body = form.batch([json.dumps(event), json.dumps(other)])

    assert json.loads_batch(json.dumps(event).join([b"[", b"]"])) + json.loads_batch(
        json.dumps(other).join([b"[", b"]"])
    ) == json.loads_batch(body)
    assert (b"Content-Type: application/cloudevents-batch+json",) == lines
