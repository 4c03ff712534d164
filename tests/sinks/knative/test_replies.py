from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.http import Response
from schemas.cloudevents import http
from schemas.errors import InvalidEvent
from sinks.knative.replies import LARGEST, MOST_HOPS, Looping, read
from tests.schemas.cloudevents.strategies import events, strings
from tests.sinks.bench import event

if TYPE_CHECKING:
    from collections.abc import Iterable

    from schemas.cloudevents import CloudEvent, Value

# In headers every value is text.
replies = events(extension_values=strings).filter(
    lambda each: not {"reflexarchops", "traceparent", "tracestate"} & set(each.extensions)
)


def heads(headers: Iterable[tuple[str, str]]) -> list[bytes]:
    """Header lines as a server sends them."""
    return [f"{name}: {value}\r\n".encode() for name, value in headers]


def answer(message: http.Message) -> Response:
    return Response(200, heads(message.headers), message.body, complete=True)


@given(reply=replies, hops=st.integers(0, MOST_HOPS - 1), structured=st.booleans())
def test_a_reply_is_the_event_that_was_sent_one_hop_further(reply: CloudEvent, hops: int, structured: bool) -> None:  # noqa: FBT001 - drawn
    message = http.to_structured(reply) if structured else http.to_binary(reply)

    found = read(answer(message), event(extensions={"reflexarchops": hops}))

    expected = {**reply.attributes(), "reflexarchops": hops + 1}
    assert {**expected, "datacontenttype": found.datacontenttype} == {"datacontenttype": None, **found.attributes()}
    assert (reply.data or None) == (found.data or None)


@given(said=st.integers(-(2**31), 2**31 - 1) | strings | st.booleans() | st.binary(max_size=9))
def test_no_reply_is_more_than_the_limit_from_its_origin(said: Value) -> None:
    message = http.to_structured(event(extensions={"reflexarchops": said}))
    try:
        found = read(answer(message), event())
    except Looping:
        return

    assert 1 <= found.extensions["reflexarchops"] <= MOST_HOPS


def test_what_is_cut_off_is_no_reply() -> None:
    message = http.to_binary(event())
    response = Response(200, heads(message.headers), message.body, complete=False)

    with pytest.raises(InvalidEvent, match=f"longer than {LARGEST} bytes"):
        read(response, event())


def test_what_is_cut_off_and_never_was_an_event_is_none() -> None:
    assert read(Response(200, heads([("content-type", "text/html")]), b"<", complete=False), event()) is None
