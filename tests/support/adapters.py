"""Requests to adapters: recorded ones, spoilt ones, and what must hold of every answer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
from hypothesis import strategies as st

from ingest.webhook.payload.place import MOST
from ingest.webhook.request import Request
from schemas.cloudevents import kafka
from schemas.errors import InvalidEvent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ingest.webhook.adapter import Adapter
    from schemas.cloudevents import CloudEvent

FOLDER = Path(__file__).parents[1] / "ingest" / "webhook" / "adapters"
JSON = ("Content-Type", "application/json")

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def recorded(name: str) -> bytes:
    """The body of a recorded request: ``alertmanager/truncated``."""
    return (FOLDER / f"{name}.json").read_bytes()


def request(
    body: bytes, *headers: tuple[str, str], method: str = "POST", tail: str = "", endpoint: str = "door"
) -> Request:
    """A request to the endpoint ``door``, unless told otherwise."""
    return Request(method, tail, (JSON, *headers), body, endpoint)


def changed(name: str, change: Callable[[Any], object]) -> bytes:
    """A recorded body after ``change`` has been at it."""
    payload = orjson.loads(recorded(name))
    change(payload)
    return orjson.dumps(payload)


def refusal(adapter: Adapter, given: Request) -> str:
    """Why a request is refused; fails when it is not."""
    try:
        events = adapter.adapt(given)
    except InvalidEvent as error:
        return error.message
    raise AssertionError(f"{len(events)} events")


@st.composite
def spoilt(draw: st.DrawFn, *names: str) -> bytes:
    """One of the recorded bodies with up to three values replaced or removed."""
    payload: Any = {"payload": orjson.loads(recorded(draw(st.sampled_from(names))))}
    for _ in range(draw(st.integers(0, 3))):
        holder, key = draw(st.sampled_from(list(_slots(payload))))
        if draw(st.booleans()) and holder is not payload:
            del holder[key]
        else:
            holder[key] = draw(json_values)
    return orjson.dumps(payload["payload"])


def _slots(node: Any) -> Iterator[tuple[Any, Any]]:
    keys = list(node) if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
    for key in keys:
        yield node, key
        yield from _slots(node[key])


def sound(adapter: Adapter, given: Request) -> Sequence[CloudEvent]:
    """The events of a request, none when it is refused; whatever it is, what is promised of them must hold."""
    try:
        events = adapter.adapt(given)
    except InvalidEvent:
        return ()
    for event in events:
        message = kafka.to_binary(event)
        assert event == kafka.from_message(message.headers, message.value)
        assert f"/ingest/webhook/{given.endpoint}" == event.source
        assert event.type.startswith("com.reflexarc.")
        assert event.subject
        assert event.extensions["partitionkey"]
        assert "application/json" == event.datacontenttype
        orjson.loads(event.data)
    assert len(events) <= MOST + 1
    assert list(events) == list(adapter.adapt(given))
    return events
