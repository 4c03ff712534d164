from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from schemas.cloudevents import CloudEvent, kafka
from schemas.errors import InvalidEvent
from streams.filters.view import MISSING, View

if TYPE_CHECKING:
    from collections.abc import Callable

EVENT = CloudEvent(
    id="1",
    source="/s",
    type="t",
    subject="x",
    datacontenttype="application/json",
    data=b'{"Key":7}',
    extensions={"n": 5},
)
REQUIRED = [("ce_specversion", b"1.0"), ("ce_id", b"1"), ("ce_source", b"/s"), ("ce_type", b"t")]
ATTRIBUTES = {
    "specversion": "1.0",
    "id": "1",
    "source": "/s",
    "type": "t",
    "subject": "x",
    "datacontenttype": "application/json",
    "n": "5",
}


@pytest.mark.parametrize("to_message", [kafka.to_binary, kafka.to_structured])
def test_an_event_looks_the_same_in_either_mode(to_message: Callable[[CloudEvent], kafka.Message]) -> None:
    message = to_message(EVENT)
    view = View.of_record(message.headers, message.value)
    assert (ATTRIBUTES, {"Key": 7}, (b"x", b"t")) == (dict(view.attributes), view.data, view.key())


def test_a_decoded_event_looks_as_it_does_in_kafka() -> None:
    view = View.of_event(EVENT)
    assert (ATTRIBUTES, {"Key": 7}, (b"x", b"t")) == (dict(view.attributes), view.data, view.key())


@pytest.mark.parametrize(
    ("content_type", "value", "data"),
    [
        (b"application/json", b"null", None),
        (b"application/vnd.x+json", b"[1]", [1]),
        (b"application/json", b"{", MISSING),
        (b"application/json", None, MISSING),
        (b"text/plain", b"1", MISSING),
        (None, b"1", 1),
    ],
)
def test_data_is_what_the_content_type_says_it_is(
    content_type: bytes | None, value: bytes | None, data: object
) -> None:
    view = View.of_record([*REQUIRED, ("content-type", content_type)], value)
    assert data == view.data


def test_a_content_type_may_be_spelled_as_http_lets_it() -> None:
    message = kafka.to_structured(EVENT)
    view = View.of_record([*REQUIRED, ("Content-Type", message.headers[0][1])], message.value)
    assert view.attributes["subject"] == "x"


def test_an_attribute_that_is_not_utf_8_is_left_out() -> None:
    view = View.of_record([*REQUIRED, ("ce_a", b"\xff"), ("ce_b", None), ("ce_c", b"c")], None)
    assert dict(view.attributes) == {"specversion": "1.0", "id": "1", "source": "/s", "type": "t", "c": "c"}


@pytest.mark.parametrize("twice", [("ce_subject", b"y"), ("content-type", b"text/plain")])
def test_an_attribute_that_two_headers_give_is_refused_as_delivery_would_refuse_it(twice: tuple[str, bytes]) -> None:
    message = kafka.to_binary(EVENT)
    headers = [*message.headers, twice]
    with pytest.raises(InvalidEvent, match="two such headers"):
        View.of_record(headers, message.value)
    with pytest.raises(InvalidEvent, match=r"has two"):
        kafka.from_message(headers, message.value)


def test_a_header_that_is_no_attribute_may_stand_there_twice() -> None:
    message = kafka.to_binary(EVENT)
    view = View.of_record([*message.headers, ("trace", b"1"), ("trace", b"2")], message.value)
    assert ATTRIBUTES == dict(view.attributes)


def test_a_record_without_specversion_is_no_event() -> None:
    with pytest.raises(InvalidEvent, match="ce_specversion"):
        View.of_record((), b"")


def test_a_record_of_another_version_is_refused() -> None:
    with pytest.raises(InvalidEvent, match=r"must be 1\.0"):
        View.of_record([*REQUIRED[1:], ("ce_specversion", b"0.3")], b"")
