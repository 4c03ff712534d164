"""CloudEvents' own cases of the JSON format, valid and invalid: each posted to the webhook, alone or as a batch."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import orjson
import pytest

from schemas.cloudevents import kafka
from schemas.cloudevents.mediatype import BATCH, STRUCTURED

if TYPE_CHECKING:
    from schemas.cloudevents import CloudEvent
    from tests.support.webhook import Answer, Webhook

pytestmark = pytest.mark.stack

Members = dict[str, Any]

MINIMAL: Final[Members] = {
    "specversion": "1.0",
    "id": "minimal",
    "type": "io.cloudevents.test",
    "source": "https://cloudevents.io",
}
CORE: Final = MINIMAL | {
    "datacontenttype": "text/plain",
    "dataschema": "https://cloudevents.io/dataschema",
    "subject": "tests",
    "time": "2018-04-05T17:31:00Z",
}
EXTENDED: Final = MINIMAL | {
    "extinteger": 10,
    "extboolean": True,
    "extstring": "text",
    "exturi": "https://cloudevents.io",
    "exturiref": "//authority/path",
    "exttimestamp": "2023-03-31T15:12:00Z",
    "extbinary": "TWE=",
}
ABSENT: Final = dict.fromkeys(("datacontenttype", "dataschema", "subject", "time"))
NOON: Final = datetime.fromisoformat("2018-04-05T17:31:00+00:00")

VALID: Final = {
    "only what is required": MINIMAL,
    "null for what is optional": MINIMAL | ABSENT,
    "every attribute": CORE,
    "a relative source": MINIMAL | {"source": "#fragment"},
    "text": MINIMAL | {"datacontenttype": "text/plain", "data": "Simple text"},
    "every type of extension": EXTENDED,
}
TIMES: Final = (
    "2018-04-05T17:31:00Z",
    "2018-04-05T17:31:00.000000000Z",
    "2018-04-05T18:31:00+01:00",
    "2018-04-05T16:31:00-01:00",
)
"""One moment."""

INVALID: Final[dict[str, tuple[str, Members]]] = {
    **{f"no {name}": (name, {key: MINIMAL[key] for key in MINIMAL if key != name}) for name in MINIMAL},
    **{
        f"time {time}": ("time", MINIMAL | {"time": time})
        for time in (
            "lunchtime",
            "2018-04-05T18:31Z",
            "2018-04-05T18:31:00X",
            "2018-04-05T18:31:00+25:00",
            "2018-04-05T18:31:00+xx:00",
            "2018-04-05T18:31:00+05",
        )
    },
    **{
        f"empty {name}": (name, MINIMAL | {name: ""})
        for name in ("id", "type", "source", "specversion", "datacontenttype", "dataschema", "subject")
    },
    "another version": ("specversion", MINIMAL | {"specversion": "0.9"}),
    "no media type": ("datacontenttype", MINIMAL | {"datacontenttype": "xyz"}),
    "a number as id": ("id", MINIMAL | {"id": 25}),
    "an object as id": ("id", MINIMAL | {"id": {"xyz": "abc"}}),
    "capitals in a name": ("'MyExtension'", MINIMAL | {"MyExtension": "bad"}),
    "a dot in a name": ("'my.extension'", MINIMAL | {"my.extension": "bad"}),
    "a fraction": ("my", MINIMAL | {"my": 1.5}),
    "data twice": ("data", MINIMAL | {"data": "text", "data_base64": "eyAieHl6IjogMTIzIH0="}),
}
"""What is at fault, and the event."""

BATCHES: Final[dict[str, list[Members]]] = {
    "none": [],
    "one": [MINIMAL],
    "one twice": [MINIMAL, MINIMAL],
    "two": [MINIMAL, CORE],
    "two with extensions": [MINIMAL, EXTENDED],
}
BROKEN: Final[dict[str, tuple[str, list[Any]]]] = {
    "another version": ("event 1", [MINIMAL, MINIMAL | {"specversion": "0.9"}]),
    "no id": ("event 0", [{key: MINIMAL[key] for key in MINIMAL if key != "id"}]),
    "no object": ("batch", ["not an object", MINIMAL]),
}


def post(webhook: Webhook, kind: str, document: object) -> tuple[Answer, list[CloudEvent]]:
    """The answer, and the events that came with it."""
    webhook.fresh()
    body = orjson.dumps(document)
    head = f"POST /someresource HTTP/1.1\r\nHost: x\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    answer = webhook.send(head.encode() + body)
    return answer, [kafka.from_message(*record) for record in webhook.fresh()]


def attributes(members: Members) -> dict[str, str]:
    """As headers have them: canonical strings of what is there."""
    texts = {True: "true", False: "false"}
    there = {name: value for name, value in members.items() if value is not None and name != "data"}
    return {name: texts[value] if isinstance(value, bool) else str(value) for name, value in there.items()}


@pytest.mark.parametrize("members", VALID.values(), ids=VALID)
def test_a_valid_event_is_in_kafka_as_it_was_sent(webhook: Webhook, members: Members) -> None:
    answer, (event,) = post(webhook, STRUCTURED, members)

    assert (202, attributes(members)) == (answer.status, event.attributes())
    assert members.get("data") == (None if event.data is None else event.data.decode())


@pytest.mark.parametrize("time", TIMES)
def test_every_spelling_of_a_moment_is_kept_and_means_the_same(webhook: Webhook, time: str) -> None:
    _, (event,) = post(webhook, STRUCTURED, MINIMAL | {"time": time})

    assert (time, NOON) == (event.time, datetime.fromisoformat(str(event.time)))


@pytest.mark.parametrize(("field", "members"), INVALID.values(), ids=INVALID)
def test_an_invalid_event_is_refused_by_the_name_of_its_fault(webhook: Webhook, field: str, members: Members) -> None:
    answer, events = post(webhook, STRUCTURED, members)

    assert (400, []) == (answer.status, events)
    assert field == orjson.loads(answer.body)["field"]


@pytest.mark.parametrize("batch", BATCHES.values(), ids=BATCHES)
def test_a_valid_batch_is_in_kafka_in_its_order(webhook: Webhook, batch: list[Members]) -> None:
    answer, events = post(webhook, BATCH, batch)

    assert (202, [attributes(members) for members in batch]) == (answer.status, [one.attributes() for one in events])


@pytest.mark.parametrize(("field", "batch"), BROKEN.values(), ids=BROKEN)
def test_nothing_of_an_invalid_batch_is_in_kafka(webhook: Webhook, field: str, batch: list[Any]) -> None:
    answer, events = post(webhook, BATCH, batch)

    assert (400, []) == (answer.status, events)
    assert field == orjson.loads(answer.body)["field"]
