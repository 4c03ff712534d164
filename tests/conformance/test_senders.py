"""Senders that are not ours: the CloudEvents SDKs for Python and for Go post to the webhook."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import pytest
import requests
from cloudevents.core.bindings import http as core
from cloudevents.core.v1.event import CloudEvent as CoreEvent
from cloudevents.v1 import conversion
from cloudevents.v1.http import CloudEvent as FormerEvent

from schemas.cloudevents import CloudEvent, kafka
from tests.support import gosdk

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tests.support.webhook import Webhook

pytestmark = pytest.mark.stack

WITHIN: Final = 60.0
TIME: Final = "2026-01-02T03:04:05.123456Z"
PLAIN: Final = CloudEvent(
    id="json",
    source="https://vc1.example/sdk",
    type="com.example.some",
    subject="VmPoweredOnEvent",
    time=TIME,
    datacontenttype="application/json",
    extensions={"partitionkey": "vc1/vm-7", "severitynumber": "7"},
    data=b'{"vm":{"name":"test01"},"big":12345678901234567890}',
)
EVENTS: Final = {
    "JSON": PLAIN,
    "bytes": replace(PLAIN, datacontenttype="application/octet-stream", data=bytes(range(256))),
    "text": replace(PLAIN, datacontenttype="text/plain", data='größer "100%"'.encode()),
    "no data": replace(PLAIN, datacontenttype=None, data=None, extensions={}),
    "a schema": replace(PLAIN, dataschema="https://vc1.example/schema.json"),
    "signs that mean something elsewhere": replace(PLAIN, extensions={"note": "a,b;c=d\\e"}),
    "much": replace(PLAIN, data=b'{"text":"' + b"x" * 500_000 + b'"}'),
}
HARD: Final = replace(PLAIN, subject="zwei Wörter", extensions={"note": 'é "100%" \N{SNOWMAN}'})


def stored(webhook: Webhook, send: Callable[[], object]) -> list[CloudEvent]:
    """What is in Kafka because of ``send``."""
    webhook.fresh()
    send()
    return [kafka.from_message(*record) for record in webhook.fresh()]


def post(webhook: Webhook, headers: Mapping[str, str], body: bytes) -> None:
    answer = requests.post(f"{webhook.url}/someresource", data=body, headers=dict(headers), timeout=WITHIN)
    assert (202, b"") == (answer.status_code, answer.content)


def from_python(webhook: Webhook, mode: str, event: CloudEvent) -> None:
    """Send an event as the SDK writes it; JSON data are given to it as a value, others as bytes."""
    data: Any = event.data
    if event.datacontenttype == "application/json" and event.data is not None:
        data = json.loads(event.data)
    attributes = event.attributes() | {"time": datetime.fromisoformat(TIME)}
    write = core.to_binary_event if mode == "binary" else core.to_structured_event
    message = write(CoreEvent(attributes, data))
    post(webhook, message.headers, message.body)


@pytest.mark.parametrize("event", [*EVENTS.values(), HARD], ids=[*EVENTS, "percent-encoded"])
@pytest.mark.parametrize("mode", ["binary", "structured"])
def test_what_the_sdk_for_python_sends_is_in_kafka(webhook: Webhook, mode: str, event: CloudEvent) -> None:
    (found,) = stored(webhook, lambda: from_python(webhook, mode, event))

    assert event.attributes() == found.attributes()
    assert meaning(event) == meaning(found)


def meaning(event: CloudEvent) -> Any:
    """The data: bytes, or of JSON what it says, for the SDK spaces it out in its own way."""
    if event.datacontenttype == "application/json" and event.data is not None:
        return json.loads(event.data)
    return event.data


@pytest.mark.parametrize("mode", ["binary", "structured"])
def test_what_the_former_api_of_that_sdk_sends_is_in_kafka(webhook: Webhook, mode: str) -> None:
    """``cloudevents.http``, which most programs still import under its old name."""
    write = conversion.to_binary if mode == "binary" else conversion.to_structured
    attributes = {name: str(value) for name, value in PLAIN.attributes().items()}
    sent = FormerEvent(attributes, json.loads(PLAIN.data or b""))

    (found,) = stored(webhook, lambda: post(webhook, *write(sent)))

    assert PLAIN.attributes() == found.attributes()
    assert meaning(PLAIN) == meaning(found)


@pytest.mark.parametrize("documents", [False, True], ids=["bytes", "documents"])
@pytest.mark.parametrize("mode", ["binary", "structured", "batch"])
def test_what_the_sdk_for_go_sends_is_in_kafka(webhook: Webhook, mode: str, *, documents: bool) -> None:
    """Byte for byte, in the order in which it was sent."""
    events = [event for event in EVENTS.values() if not documents or event.datacontenttype == "application/json"]
    # Several events of one mode share a source, and thus a partition, in which they keep their order.
    heard: list[int] = []

    found = stored(webhook, lambda: heard.extend(go(webhook, mode, events, documents=documents)))

    assert [202] * (1 if mode == "batch" else len(events)) == heard
    assert events == found


def go(webhook: Webhook, mode: str, events: Sequence[CloudEvent], *, documents: bool = False) -> list[int]:
    return gosdk.send(f"{webhook.url}/someresource", mode, events, documents=documents)


@pytest.mark.parametrize("mode", ["structured", "batch"])
def test_what_no_header_holds_comes_from_the_sdk_for_go_in_json(webhook: Webhook, mode: str) -> None:
    assert [HARD] == stored(webhook, lambda: go(webhook, mode, [HARD]))


def test_headers_that_the_sdk_for_go_does_not_encode_are_refused_rather_than_guessed_at(webhook: Webhook) -> None:
    """The binding has senders percent-encode them; decoded all the same, ``100%25`` would be another value."""
    heard: list[int] = []

    assert [] == stored(webhook, lambda: heard.extend(go(webhook, "binary", [HARD])))
    assert [400] == heard
