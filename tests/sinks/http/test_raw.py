from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
import pytest
from pydantic import ValidationError

from schemas.cloudevents import CloudEvent
from schemas.errors import Reject, Retry, Unavailable
from sinks.http.rawconfig import AnswerConfig, RawConfig
from tests.sinks.bench import SECRET, event
from tests.sinks.conformance import Case, cases, delivers_what_is_hard_to_spell
from tests.sinks.destination import Answer, Destination, always
from tests.sinks.test_http import HttpBench

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from pathlib import Path

    from clients.http import Client

BODY = '{"attributes": {{ event }}, "data": {{ data }}}'


class RawBench(HttpBench):
    """A server that takes events in a shape that only its operator knows."""

    def settings(self) -> Mapping[str, Any]:
        url = f"{self.destination.url}/take"
        return {"type": "http", "url": url, "mode": "raw", "raw": {"body": BODY}, "token_file": str(self.secret)}

    async def delivered(self) -> list[CloudEvent]:
        taken = [orjson.loads(received.body) for received in self.destination.accepted]
        return [CloudEvent.from_attributes(each["attributes"], orjson.dumps(each["data"])) for each in taken]

    async def send(self, raw: Mapping[str, Any], **attributes: Any) -> None:
        await self.sink(raw={"body": "{}", **raw}).send(event(**attributes))


@pytest.fixture
async def bench(client: Client, tmp_path: Path) -> AsyncIterator[RawBench]:
    async with Destination() as destination:
        yield RawBench(client, tmp_path, destination, "raw")


# Data that are no JSON have no place in a JSON template.
@pytest.mark.parametrize("case", cases("http", without=(delivers_what_is_hard_to_spell,)))
async def test_keeps_the_contract_of_sinks(case: Case, bench: RawBench) -> None:
    await case(bench)


async def test_a_request_is_what_its_keys_say(bench: RawBench) -> None:
    raw = {
        "method": "PUT",
        "content_type": "text/plain; charset=utf-8",
        "body": "{{ event.subject }} é {{ data.Key }}",
        "headers": {"X-Machine": "{{ data.Vm.Name | truncate(3, '') }}", "X-Key": "{{ secret }}"},
        "secret_file": str(bench.secret),
    }

    await bench.send(raw)

    [received] = bench.destination.received
    assert ("PUT", "VmPoweredOffEvent é 1") == (received.method, received.body.decode())
    assert ["text/plain; charset=utf-8", "web", SECRET, None] == [
        received.header(name) for name in ("content-type", "x-machine", "x-key", "ce-id")
    ]


@pytest.mark.parametrize(
    ("raw", "attributes", "reason"),
    [
        ({"body": "{{ data.Host }}"}, {}, "raw.body: reads what this event does not have: there is no Host"),
        ({"body": "{{ data.Key }}"}, {"data": b"{"}, "raw.body: .*the event has no JSON data"),
        ({"body": "{{ data }}"}, {"data": None, "datacontenttype": None}, "raw.body: .*the event has no JSON data"),
        ({"body": '{"a": {{ data.Key }}'}, {}, "raw.body: gives no JSON"),
        ({"headers": {"X-A": "{{ data.Vm }}"}}, {}, "raw.headers.X-A: has an object where a text belongs"),
        ({"headers": {"X-A": "a\nb"}}, {}, "raw.headers: header 'X-A' cannot be sent"),
        ({"headers": {"X-A": "{{ event.note }}"}}, {"extensions": {"note": "\N{SNOWMAN}"}}, "'X-A' cannot be sent"),
    ],
)
async def test_an_event_that_does_not_fit_is_given_up_with_the_place(
    raw: dict[str, Any], attributes: dict[str, Any], reason: str, bench: RawBench
) -> None:
    with pytest.raises(Reject, match=reason):
        await bench.send(raw, **attributes)

    assert [] == bench.destination.received


ACCEPT: dict[str, Any] = {"accept": [200, 409]}
FIELD: dict[str, Any] = {"answer": {"path": "result.state", "equals": "ok"}}
NUMBER: dict[str, Any] = {"answer": {"path": "code", "equals": 0}}
PATTERN: dict[str, Any] = {"answer": {"path": "id", "matches": "[0-9]+"}}


@pytest.mark.parametrize(
    ("raw", "status", "body", "outcome"),
    [
        (ACCEPT, 200, b"", None),
        (ACCEPT, 409, b"", None),
        (ACCEPT, 202, b"", Reject),
        (ACCEPT, 400, b"", Reject),
        (ACCEPT, 503, b"", Retry),
        (FIELD, 201, b'{"result": {"state": "ok"}}', None),
        (FIELD, 201, b'{"result": {"state": "failed"}}', Retry),
        (FIELD, 201, b'{"result": []}', Retry),
        (FIELD, 201, b"ok", Retry),
        (FIELD, 400, b'{"result": {"state": "ok"}}', Reject),
        (NUMBER, 200, b'{"code": 0}', None),
        (NUMBER, 200, b'{"code": false}', Retry),
        (PATTERN, 200, b'{"id": "4711"}', None),
        (PATTERN, 200, b'{"id": 4711}', None),
        (PATTERN, 200, b'{"id": "4711 or so"}', Retry),
        (PATTERN, 200, b'{"id": null}', Retry),
    ],
)
async def test_status_and_field_of_the_answer_decide(
    raw: dict[str, Any], status: int, body: bytes, outcome: type[Exception] | None, bench: RawBench
) -> None:
    bench.destination.answer = always(Answer(status, body=body))

    if outcome is None:
        await bench.send(raw)
    else:
        with pytest.raises(outcome) as caught:
            await bench.send(raw)
        assert str(status) == getattr(caught.value, "status", None)
    assert 1 == len(bench.destination.received)


async def test_a_secret_that_vanishes_makes_the_sink_unavailable(bench: RawBench) -> None:
    own = bench.folder / "own"
    own.write_text("s3cret-of-the-body")
    sink = bench.sink(raw={"body": "{{ secret }}", "secret_file": str(own)})
    own.unlink()

    with pytest.raises(Unavailable, match="does not exist"):
        await sink.send(event())


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"body": "{{ nothing }}"}, "reads nothing, which is not there"),
        ({"body": '{"a": "{{ event.id }}"}'}, "inside quotes"),
        ({"headers": {"a b": "x"}}, "forbidden characters"),
        ({"headers": {"Content-Type": "x"}}, "set already"),
        ({"headers": {"X": "{{ x }}"}}, "reads x"),
        ({"content_type": "json"}, "no media type"),
        ({"accept": [99]}, "no status"),
        ({"method": "GET"}, "POST"),
    ],
)
def test_a_wrong_request_is_refused_before_any_event(fields: dict[str, Any], what: str) -> None:
    with pytest.raises(ValidationError, match=what):
        RawConfig.model_validate({"body": "{}", **fields})


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({}, "needs one of"),
        ({"equals": 1, "matches": "1"}, "needs one of"),
        ({"matches": "("}, "no regular expression"),
        ({"path": "a..b", "equals": 1}, "is no path"),
    ],
)
def test_a_wrong_expectation_is_refused(fields: dict[str, Any], what: str) -> None:
    with pytest.raises(ValidationError, match=what):
        AnswerConfig.model_validate({"path": "a", **fields})
