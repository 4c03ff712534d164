"""What a receiver that is not ours understands: the CloudEvents SDK for Go, which Knative and its functions use."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pytest

from sinks import registry
from sinks.base import SinkContext
from tests.sinks.bench import event
from tests.support.gosdk import GoReceiver

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clients.http import Client
    from schemas.cloudevents import CloudEvent

EVENTS = {
    "of a vCenter": event(),
    "without data": event(2, data=None, datacontenttype=None, time=None, extensions={}),
    "of bytes": event(3, data=b"\0\xff\r\n\r\n", datacontenttype="application/octet-stream"),
    "of text": event(4, data='é "100%"'.encode(), datacontenttype="text/plain"),
    "with numbers that no float holds": event(5, data=b'{"big": 12345678901234567890, "float": 1.10}'),
    "large": event(6, data=b'{"text":"' + b"x" * 500_000 + b'"}'),
    "with a schema": event(7, dataschema="https://vc1.example/schema.json"),
    "with signs that mean something elsewhere": event(8, extensions={"note": "a,b;c=d\\e", "count": "7"}),
}

HARD = event(9, subject="two words", extensions={"note": 'é "100%" \N{SNOWMAN}'})


@pytest.fixture(scope="module")
def receiver() -> Iterator[GoReceiver]:
    with GoReceiver() as receiver:
        yield receiver


def attributes(sent: CloudEvent) -> dict[str, Any]:
    """What the event has, by the names of the specification."""
    known = {
        field.name: getattr(sent, field.name) for field in fields(sent) if field.name not in {"data", "extensions"}
    }
    every = {"specversion": "1.0", **known, **sent.extensions}
    return {name: value for name, value in every.items() if value is not None}


@pytest.mark.parametrize("sent", EVENTS.values(), ids=EVENTS)
@pytest.mark.parametrize("mode", ["binary", "structured"])
@pytest.mark.parametrize("kind", ["http", "knative"])
async def test_the_sdk_for_go_sees_the_event_that_was_sent(
    kind: str, mode: str, sent: CloudEvent, receiver: GoReceiver, client: Client
) -> None:
    """Every attribute, the bytes of the data, and nothing against it."""
    await send(kind, mode, sent, receiver, client)
    assert ("", attributes(sent), sent.data or b"") == receiver.next()


@pytest.mark.parametrize("kind", ["http", "knative"])
async def test_attributes_that_no_header_holds_as_they_are_need_structured_mode(
    kind: str, receiver: GoReceiver, client: Client
) -> None:
    """The binding has senders percent-encode headers; the SDK hands them out so, and sees through JSON only."""
    seen = []
    for mode in ("structured", "binary"):
        await send(kind, mode, HARD, receiver, client)
        seen.append(receiver.next().attributes)
    assert attributes(HARD) == seen[0]
    assert attributes(HARD) == {name: unquote(value) for name, value in seen[1].items()}
    assert ("two%20words", True) == (seen[1]["subject"], seen[1]["note"].isascii())


async def send(kind: str, mode: str, sent: CloudEvent, receiver: GoReceiver, client: Client) -> None:
    address = {"url": receiver.url} if kind == "http" else {"uri": receiver.url}
    config = registry.model(kind).model_validate({"name": "foreign", "type": kind, "mode": mode, **address})
    sink = registry.build(config, SinkContext(vcenters={}, http=client))
    await sink.open()
    await sink.send(sent)
    await sink.close()
