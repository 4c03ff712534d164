from __future__ import annotations

import asyncio
import gzip
import logging
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import orjson
import pytest

from clients.kafka.errors import PublishRejected
from ingest.webhook import body as bodies
from ingest.webhook.metrics import PUBLISH_SECONDS, REQUESTS
from schemas.cloudevents import CloudEvent, http, json, kafka
from schemas.errors import Refused, Unreachable
from tests.support.publisher import RecordingPublisher

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from contextlib import AbstractAsyncContextManager

    from tests.ingest.webhook.conftest import Webhook

    Serve = Callable[..., AbstractAsyncContextManager[Webhook]]

STRUCTURED = {"Content-Type": "application/cloudevents+json"}
BATCH = {"Content-Type": "application/cloudevents-batch+json"}
JSON = {"Content-Type": "application/json"}
BINARY = {"ce-specversion": "1.0", "ce-id": "1", "ce-source": "/probe", "ce-type": "com.example.probe"}
EVENT = CloudEvent(
    id="1",
    source="/probe",
    type="com.example.probe",
    subject="ä",
    time="2026-01-01T00:00:00.123456789Z",
    datacontenttype="application/json",
    extensions={"partitionkey": "vc1/vm-7", "site": "a"},
    data=b'{"n": 1.50}',
)
ALERT = (
    b'{"origin": "notifications", "event": {"event_id": "01J53E4ZH2", "created_on": "2024-08-12T13:58:44.587Z", '
    b'"message": "TEST", "metadata": {"full_message": "<13>1 I am infected", "source": "test01"}}}'
)


class HeldPublisher:
    """Acknowledges nothing before it is told to."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.release = asyncio.Event()

    async def publish(self, *_: object, **__: object) -> None:
        self.asked.set()
        await self.release.wait()


@pytest.mark.parametrize("encode", [http.to_binary, http.to_structured])
async def test_an_event_is_stored_unchanged_under_its_partitionkey(
    webhook: Webhook, encode: Callable[[CloudEvent], http.Message]
) -> None:
    request = encode(EVENT)

    answer = await webhook.post("/events", request.headers, request.body)

    assert (202, b"") == (answer.status, answer.body)
    (record,) = webhook.publisher.records
    assert ("t.events", b"vc1/vm-7") == (record.topic, record.key)
    assert kafka.to_binary(EVENT) == (record.headers, record.value)


async def test_an_event_without_partitionkey_is_keyed_by_its_source_and_stays_without(webhook: Webhook) -> None:
    assert 202 == (await webhook.post("/events", BINARY)).status

    (record,) = webhook.publisher.records
    assert b"/probe" == record.key
    event = kafka.from_message(record.headers, record.value)
    assert CloudEvent(id="1", source="/probe", type="com.example.probe") == event


async def test_a_batch_is_stored_whole_and_in_order(webhook: Webhook) -> None:
    batch = [replace(EVENT, id=str(number)) for number in range(3)]
    body = b"[" + b",".join(map(json.dumps, batch)) + b"]"

    assert 202 == (await webhook.post("/events", BATCH, body)).status
    assert batch == [kafka.from_message(record.headers, record.value) for record in webhook.publisher.records]


async def test_nothing_of_a_batch_with_an_event_that_kafka_never_takes_is_stored(serve: Serve) -> None:
    batch = [EVENT, replace(EVENT, data=b"1" * 1_000_000, extensions={"x": "x" * 200_000})]
    body = BytesIO(b"[" + b",".join(map(json.dumps, batch)) + b"]")
    async with serve(max_body=2**22) as large:
        answer = await large.post("/events", BATCH, body)

    assert (413, []) == (answer.status, large.publisher.records)


async def test_a_batch_of_nothing_is_accepted(webhook: Webhook) -> None:
    assert (202, []) == ((await webhook.post("/events", BATCH, b"[]")).status, webhook.publisher.records)


async def test_a_log_alert_is_stored_with_its_bytes_under_its_host(webhook: Webhook) -> None:
    assert 202 == (await webhook.post("/alerts/log", JSON, ALERT)).status

    (record,) = webhook.publisher.records
    assert (b"log-alert/test01", ALERT) == (record.key, record.value)


async def test_a_compressed_body_is_stored_as_what_it_holds(webhook: Webhook) -> None:
    headers = JSON | {"Content-Encoding": "gzip"}

    assert 202 == (await webhook.post("/alerts/log", headers, gzip.compress(ALERT))).status
    assert ALERT == webhook.publisher.records[0].value


async def test_the_answer_waits_for_the_acknowledgement(serve: Serve) -> None:
    publisher = HeldPublisher()
    async with serve(publisher) as webhook:
        answer = asyncio.ensure_future(webhook.post())
        await publisher.asked.wait()
        assert 200 == (await webhook.post("/", method="GET")).status  # time enough for a hasty answer
        assert not answer.done()

        publisher.release.set()
        assert 202 == (await answer).status


@pytest.mark.parametrize(
    ("path", "headers", "body", "expected"),
    [
        ("/events", STRUCTURED, b"{", (400, "event")),
        ("/events", STRUCTURED, b'{"specversion":"1.0","id":"1","source":"/a"}', (400, "type")),
        ("/events", STRUCTURED, b'{"specversion":"1.0","id":"","source":"/a","type":"t"}', (400, "id")),
        ("/events", BINARY | {"ce-time": "noon"}, b"", (400, "time")),
        ("/events", BINARY | {"ce-x": "%C0%A0"}, b"", (400, "x")),
        ("/events", {"ce-id": "1"}, b"", (400, "specversion, source, type")),
        ("/events", JSON, b"{}", (415, "content-type")),
        ("/events", {"Content-Type": "application/cloudevents+avro"}, b"[]", (415, "content-type")),
        ("/events", BATCH, b"{}", (400, "batch")),
        ("/events", BATCH, b'[{"specversion":"1.0","id":"1","source":"/a"}]', (400, "event 0")),
        ("/alerts/log", JSON, b"{}", (400, "event")),
        ("/alerts/log", JSON, ALERT.replace(b"test01", b""), (400, "event.metadata.source")),
        ("/alerts/log", {"Content-Type": "text/plain"}, ALERT, (415, "content-type")),
        ("/alerts/log", {}, ALERT, (415, "content-type")),
    ],
)
async def test_what_is_not_an_event_is_refused_with_the_field_at_fault(
    webhook: Webhook, path: str, headers: dict[str, str], body: bytes, expected: tuple[int, str]
) -> None:
    answer = await webhook.post(path, headers, body)

    assert expected == (answer.status, answer.problem["field"])
    assert answer.status == answer.problem["status"]
    assert {"title", "detail"} < set(answer.problem)
    assert [] == webhook.publisher.records


@pytest.mark.parametrize("body", [b"null", b"[]", b"{}", b'{"event":[]}', b"[" * 5000, b"1e999", b'"\\ud800"', b"\xff"])
@pytest.mark.parametrize(("path", "headers"), [("/events", STRUCTURED), ("/alerts/log", JSON)])
async def test_json_of_any_other_shape_is_a_bad_request(
    webhook: Webhook, path: str, headers: dict[str, str], body: bytes
) -> None:
    assert 400 == (await webhook.post(path, headers, body)).problem["status"]


async def test_an_unknown_path_is_not_found(webhook: Webhook) -> None:
    assert 404 == (await webhook.post("/event")).problem["status"]


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("GET", "/events", "POST"),
        ("PUT", "/alerts/log", "POST"),
        ("OPTIONS", "/events", "POST"),
        ("POST", "/", "GET,HEAD"),
    ],
)
async def test_a_wrong_method_is_told_the_right_one(webhook: Webhook, method: str, path: str, allow: str) -> None:
    answer = await webhook.post(path, method=method)

    assert (405, allow) == (answer.problem["status"], answer.headers["Allow"])


async def test_the_root_lists_every_endpoint_and_what_it_accepts(webhook: Webhook) -> None:
    answer = await webhook.post("/", method="GET")

    endpoints = orjson.loads(answer.body)["endpoints"]
    assert (200, ["/events", "/alerts/log"]) == (answer.status, [entry["path"] for entry in endpoints])
    assert all(entry["accepts"] for entry in endpoints)


@pytest.mark.parametrize("chunked", [False, True])
async def test_a_body_over_the_limit_is_too_large(serve: Serve, *, chunked: bool) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(11):
            yield b"x" * 10

    async with serve(max_body=100) as webhook:
        answer = await webhook.post(body=chunks() if chunked else b"x" * 101)

    assert (413, "The body is larger than 100 bytes.") == (answer.status, answer.problem["detail"])
    assert [] == webhook.publisher.records


async def test_a_body_at_the_limit_is_accepted(serve: Serve) -> None:
    async with serve(max_body=100) as webhook:
        assert 202 == (await webhook.post(body=b"x" * 100)).status


async def test_the_limit_holds_for_what_a_compressed_body_holds(serve: Serve) -> None:
    bomb = gzip.compress(bytes(10_000_000))
    async with serve(max_body=len(bomb)) as webhook:
        assert 413 == (await webhook.post(headers=BINARY | {"Content-Encoding": "gzip"}, body=bomb)).status


async def test_a_body_that_does_not_decompress_is_a_bad_request(webhook: Webhook) -> None:
    assert 400 == (await webhook.post(headers=BINARY | {"Content-Encoding": "gzip"}, body=b"plain")).status


async def test_a_body_that_does_not_come_times_out(webhook: Webhook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "BODY_SECONDS", 0.05)

    async def stalled() -> AsyncIterator[bytes]:
        yield b"x"
        await asyncio.Event().wait()

    answer = await webhook.post(body=stalled())

    assert (408, "close") == (answer.status, answer.headers["Connection"])


async def test_without_kafka_the_sender_is_told_to_come_back(serve: Serve) -> None:
    async with serve(RecordingPublisher(Unreachable("kafka: no broker at 10.0.0.7:9092"))) as webhook:
        answer = await webhook.post()
        assert (503, "5") == (answer.status, answer.headers["Retry-After"])
        assert b"10.0.0.7" not in answer.body

        assert 202 == (await webhook.post()).status


async def test_an_acknowledgement_that_does_not_come_is_not_waited_for_long(serve: Serve) -> None:
    async with serve(HeldPublisher(), patience=0.05) as webhook:
        answer = await webhook.post()

    assert (503, "5") == (answer.status, answer.headers["Retry-After"])


async def test_a_record_that_kafka_never_takes_is_too_large(serve: Serve) -> None:
    async with serve(RecordingPublisher(PublishRejected("cannot publish: 2000000 bytes"))) as webhook:
        assert 413 == (await webhook.post()).status


async def test_a_refusal_for_the_operator_is_logged_and_the_sender_comes_back(
    serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    refusal = Refused("cannot publish to t.events: unknown topic", cure="run `reflexarc topics create`")
    async with serve(RecordingPublisher(refusal)) as webhook:
        answer = await webhook.post()

    assert (503, "30") == (answer.status, answer.headers["Retry-After"])
    assert b"t.events" not in answer.body
    assert "reflexarc topics create" in caplog.text


async def test_a_failure_of_ours_is_in_the_log_and_not_in_the_answer(
    serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    async with serve(RecordingPublisher(ValueError("inner detail"))) as webhook:
        answer = await webhook.post()

    assert 500 == answer.status
    assert b"inner detail" not in answer.body
    assert b"Traceback" not in answer.body
    assert "inner detail" in caplog.text


async def test_more_requests_than_places_are_told_to_wait(serve: Serve) -> None:
    publisher = HeldPublisher()
    async with serve(publisher, places=1) as webhook:
        first = asyncio.ensure_future(webhook.post())
        await publisher.asked.wait()

        second = await webhook.post()
        assert (429, "1") == (second.status, second.headers["Retry-After"])

        publisher.release.set()
        assert 202 == (await first).status
        assert 202 == (await webhook.post()).status


async def test_malformed_http_is_one_line_in_the_log_and_quoted_nowhere(
    webhook: Webhook, caplog: pytest.LogCaptureFixture
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", webhook.port)
    writer.write(b"POST /events HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer s3cr3t\x00\r\n\r\n")
    answer = await reader.read()
    writer.close()

    assert b" 400 " in answer.splitlines()[0]
    assert b"application/problem+json" in answer
    line = "malformed HTTP request from 127.0.0.1: BadHttpMessage"
    assert [("ingest.webhook.protocol", logging.WARNING, line)] == caplog.record_tuples
    assert "s3cr3t" not in caplog.text + answer.decode()


async def test_a_sender_that_hangs_up_in_the_middle_leaves_no_trace(
    webhook: Webhook, caplog: pytest.LogCaptureFixture
) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", webhook.port)
    writer.write(b"POST /events HTTP/1.1\r\nHost: a\r\nce-id: 1\r\nContent-Length: 9\r\n\r\nabc")
    await writer.drain()
    writer.close()
    await writer.wait_closed()

    assert 202 == (await webhook.post()).status
    await webhook.admission.drain()
    assert [] == caplog.records
    assert 1 == len(webhook.publisher.records)


async def test_every_answer_is_counted_by_endpoint_and_status(webhook: Webhook) -> None:
    labels = [("/events", "202"), ("/events", "415"), ("/alerts/log", "400"), ("other", "404"), ("/", "200")]

    def counted() -> list[float]:
        return [REQUESTS.labels(endpoint, status)._value.get() for endpoint, status in labels]

    before, published = counted(), PUBLISH_SECONDS._sum.get()
    await webhook.post()
    await webhook.post(headers=JSON)
    await webhook.post("/alerts/log", JSON, b"{}")
    await webhook.post("/guess/4711")
    await webhook.post("/", method="GET")

    assert [1.0] * len(labels) == [after - one for after, one in zip(counted(), before, strict=True)]
    assert PUBLISH_SECONDS._sum.get() > published


async def test_what_follows_the_path_is_for_the_adapter_and_so_are_its_settings(serve: Serve) -> None:
    generic = {"type": "generic", "event": {"id": "$.n", "type": "com.example.t"}}
    operations = {"type": "aria-operations", "door": {"open": True}}
    sample = Path(__file__).parent.joinpath("adapters", "aria-operations", "new.json").read_bytes()
    async with serve(endpoints={"any": generic, "operations": operations}) as webhook:
        assert 202 == (await webhook.post("/any", JSON, b'{"n": "7"}')).status
        assert 202 == (await webhook.post("/operations/alert-1", JSON, sample, method="PUT")).status
        assert 404 == (await webhook.post("/any/more", JSON, b"{}")).status

    events = [kafka.from_message(record.headers, record.value) for record in webhook.publisher.records]
    assert ("7", "com.example.t", "/ingest/webhook/any") == (events[0].id, events[0].type, events[0].source)
    assert ["/ingest/webhook/any", "/ingest/webhook/operations"] == [event.source for event in events]
