from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from prometheus_client import REGISTRY

from schemas.cloudevents import http, json
from schemas.errors import Unavailable
from sinks.base import Accepted
from tests.clients.kubernetes.api import BROKERS, KubernetesApi
from tests.sinks.bench import SECRET, event
from tests.sinks.conformance import Case, cases
from tests.sinks.destination import Answer, Destination, always
from tests.sinks.test_http import HttpBench

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncIterator, Mapping
    from pathlib import Path

    from clients.http import Client
    from schemas.cloudevents import CloudEvent

COLLECTION = f"{BROKERS}/namespaces/team-a/brokers"
REF = {"apiVersion": "eventing.knative.dev/v1", "kind": "Broker", "name": "default", "namespace": "team-a"}
PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
CHILD = "00-4bf92f3577b34da6a3ce929d0e0e4736-b7ad6b7169203331-01"


class KnativeBench(HttpBench):
    """An HTTP destination with an address of its own."""

    def settings(self) -> Mapping[str, Any]:
        return {"type": "knative", "uri": f"{self.destination.url}/default/broker", "mode": self.mode}


class ReferredBench(KnativeBench):
    """The same, found through a Kubernetes API that asks for a token."""

    def __init__(self, http: Client, folder: Path, destination: Destination, api: KubernetesApi) -> None:
        super().__init__(http, folder, destination, "binary")
        self.api = api

    def settings(self) -> Mapping[str, Any]:
        kubernetes = {"url": self.api.url, "token_file": str(self.secret)}
        return {"type": "knative", "ref": REF, "kubernetes": kubernetes}

    async def come_back(self, tls: ssl.SSLContext | None = None) -> None:
        await super().come_back(tls)
        await self.say(f"{self.destination.url}/default/broker")

    async def say(self, url: str | None) -> None:
        await self.api.put(COLLECTION, "default", status={"address": {"url": url}} if url else {})


@pytest.fixture
async def destination() -> AsyncIterator[Destination]:
    async with Destination() as destination:
        yield destination


@pytest.fixture
def bench(client: Client, tmp_path: Path, destination: Destination) -> KnativeBench:
    return KnativeBench(client, tmp_path, destination, "binary")


@pytest.fixture
async def referred(client: Client, tmp_path: Path, destination: Destination) -> AsyncIterator[ReferredBench]:
    async with KubernetesApi(token=SECRET) as api:
        bench = ReferredBench(client, tmp_path, destination, api)
        await bench.say(f"{destination.url}/default/broker")
        yield bench


def counted(outcome: str) -> float:
    labels = {"sink": "bench", "outcome": outcome}
    return REGISTRY.get_sample_value("reflexarc_knative_replies_total", labels) or 0


async def answered(bench: KnativeBench, sent: CloudEvent, answer: Answer, **fields: Any) -> Accepted | None:
    """What comes of one event that is answered so."""
    bench.destination.answer = always(answer)
    sink = bench.sink(**fields)
    accepted = await sink.send(sent)
    await sink.close()
    return accepted


def binary(reply: CloudEvent, **headers: str) -> Answer:
    message = http.to_binary(reply)
    return Answer(200, {**dict(message.headers), **headers}, message.body)


def structured(reply: CloudEvent) -> Answer:
    return Answer(202, {"Content-Type": "application/cloudevents+json"}, json.dumps(reply))


def hopped(reply: CloudEvent, hops: int, **extensions: Any) -> CloudEvent:
    return event(7, type=reply.type, extensions={**reply.extensions, **extensions, "reflexarchops": hops})


REPLY = event(7, type="com.example.reply", extensions={"colour": "red"})


@pytest.mark.parametrize("case", cases("http"))
@pytest.mark.parametrize("mode", ["binary", "structured"])
async def test_keeps_the_contract_of_sinks_by_address(case: Case, mode: str, bench: KnativeBench) -> None:
    bench.mode = mode
    await case(bench)


@pytest.mark.parametrize("case", cases("http", "login"))
async def test_keeps_the_contract_of_sinks_by_reference(case: Case, referred: ReferredBench) -> None:
    await case(referred)


async def test_events_are_binary_by_default(bench: KnativeBench) -> None:
    await answered(bench, event(), Answer(), mode=None)

    [received] = bench.destination.received
    assert ("/default/broker", "vc1/i1/1", "reply") == (
        received.path,
        received.header("ce-id"),
        received.header("prefer"),
    )


async def test_every_event_gets_the_overriding_attributes(bench: KnativeBench) -> None:
    await answered(bench, event(), Answer(), ce_overrides={"cluster": "north", "vcenter": "vc9"})

    [delivered] = await bench.delivered()
    assert {**event().extensions, "cluster": "north", "vcenter": "vc9"} == dict(delivered.extensions)


@pytest.mark.parametrize("answer", [binary, structured])
async def test_an_event_in_the_answer_is_a_reply_one_hop_further(bench: KnativeBench, answer: Any) -> None:
    before = counted("taken")

    accepted = await answered(bench, event(), answer(REPLY))

    assert Accepted((hopped(REPLY, 1),)) == accepted
    assert 1 == counted("taken") - before


@pytest.mark.parametrize(
    "answer", [Answer(204), Answer(200, {"Content-Type": "application/json"}, b'{"specversion": "1.0"}'), Answer(202)]
)
async def test_an_answer_that_is_no_event_is_none(bench: KnativeBench, answer: Answer) -> None:
    assert Accepted() == await answered(bench, event(), answer)


@pytest.mark.parametrize(
    "answer",
    [
        Answer(200, {"ce-id": "1"}),
        Answer(200, {"Content-Type": "application/cloudevents+json"}, b"{"),
        Answer(200, {"Content-Type": "application/cloudevents-batch+json"}, b"[]"),
        structured(event(7, data=b"x" * 2**20, datacontenttype="text/plain")),
    ],
    ids=["headers", "body", "batch", "too long"],
)
async def test_a_reply_that_is_no_event_does_no_harm(
    bench: KnativeBench, answer: Answer, caplog: pytest.LogCaptureFixture
) -> None:
    before = counted("malformed")

    assert Accepted() == await answered(bench, event(), answer)

    assert 1 == counted("malformed") - before
    assert "bench: the reply to vc1/i1/1 is no event" in caplog.text


@pytest.mark.parametrize("hops", [15, "15", 16, "16", -1, "many"])
async def test_replies_to_replies_come_to_an_end(bench: KnativeBench, hops: int | str) -> None:
    before = counted("looping")
    sent = event(extensions={"reflexarchops": hops})

    accepted = await answered(bench, sent, binary(REPLY))

    again = hops in {15, "15"}
    assert Accepted((hopped(REPLY, 16),) if again else ()) == accepted
    assert (0 if again else 1) == counted("looping") - before


async def test_a_receiver_cannot_set_the_hops_back(bench: KnativeBench) -> None:
    accepted = await answered(bench, event(extensions={"reflexarchops": 4}), binary(hopped(REPLY, 0)))

    assert Accepted((hopped(REPLY, 5),)) == accepted


async def test_the_trace_of_an_event_goes_on_in_headers(bench: KnativeBench) -> None:
    await answered(bench, event(extensions={"traceparent": PARENT, "tracestate": "a=1,b=2"}), Answer())

    [received] = bench.destination.received
    names = ("traceparent", "ce-traceparent", "tracestate", "ce-tracestate")
    assert [PARENT, PARENT, "a=1,b=2", "a=1,b=2"] == [received.header(name) for name in names]


@pytest.mark.parametrize(
    ("extensions", "headers", "expected"),
    [
        ({}, {}, {"traceparent": PARENT, "tracestate": "a=1"}),
        ({}, {"traceparent": CHILD}, {"traceparent": CHILD}),
        ({"traceparent": CHILD}, {"traceparent": PARENT}, {"traceparent": CHILD}),
        ({"traceparent": "nonsense"}, {"traceparent": "nonsense"}, {"traceparent": PARENT, "tracestate": "a=1"}),
    ],
    ids=["none of its own", "in a header", "in an attribute", "unreadable"],
)
async def test_a_reply_is_part_of_the_trace(
    bench: KnativeBench, extensions: dict[str, str], headers: dict[str, str], expected: dict[str, str]
) -> None:
    sent = event(extensions={"traceparent": PARENT, "tracestate": "a=1"})
    reply = event(7, type=REPLY.type, extensions=extensions)

    accepted = await answered(bench, sent, binary(reply, **headers))

    assert {**expected, "reflexarchops": 1} == dict(accepted.replies[0].extensions)


async def test_a_change_of_the_address_is_followed(referred: ReferredBench) -> None:
    sink = referred.sink()
    await sink.open()
    await referred.say(f"{referred.destination.url}/elsewhere")

    async with asyncio.timeout(10):
        while "/elsewhere" not in {received.path for received in referred.destination.received}:
            await sink.send(event())

    await sink.close()


async def test_an_object_without_an_address_is_waited_for(referred: ReferredBench) -> None:
    await referred.say(None)
    sink = referred.sink()
    with pytest.raises(Unavailable, match=r"^Broker team-a/default has no status\.address\.url yet$"):
        await sink.open()
    with pytest.raises(Unavailable):
        await sink.send(event())

    await referred.say(f"{referred.destination.url}/default/broker")
    async with asyncio.timeout(10):
        while not await _opens(sink):
            await asyncio.sleep(0.01)

    await sink.send(event())
    await sink.close()


async def test_an_object_that_is_gone_is_waited_for(referred: ReferredBench) -> None:
    await referred.api.delete(COLLECTION, "default")
    sink = referred.sink()

    with pytest.raises(Unavailable, match="there is no Broker team-a/default in Kubernetes"):
        await sink.open()

    await sink.close()


async def test_the_token_goes_to_the_api_and_to_nobody_else(referred: ReferredBench) -> None:
    sink = referred.sink()
    await sink.open()
    await sink.send(event())

    [received] = referred.destination.received
    assert SECRET not in orjson.dumps(received.headers).decode()
    await sink.close()


async def _opens(sink: Any) -> bool:
    try:
        await sink.open()
    except Unavailable:
        return False
    return True
