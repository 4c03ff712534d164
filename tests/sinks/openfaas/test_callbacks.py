from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from prometheus_client import REGISTRY

from schemas.errors import Refused, Reject, Retry, Unavailable
from sinks.openfaas.callbacks import Callbacks
from sinks.openfaas.config import CallbackConfig
from tests.sinks.bench import SOON, event
from tests.sinks.conformance import Overheard
from tests.sinks.destination import Answer
from tests.sinks.openfaas.gateway import OpenFaasBench, call_back, function

if TYPE_CHECKING:
    from tests.sinks.destination import Received


@pytest.fixture(autouse=True)
def called_back(bench: OpenFaasBench) -> None:
    bench.mode = "called back"


def counted(outcome: str) -> float:
    labels = {"sink": "bench", "outcome": outcome}
    return REGISTRY.get_sample_value("reflexarc_openfaas_callbacks_total", labels) or 0


async def the_queued_one(bench: OpenFaasBench) -> Received:
    async with asyncio.timeout(10):
        while not (queued := [received for received in bench.gateway.received if received.method == "POST"]):
            await bench.gateway.arrivals(len(bench.gateway.received) + 1)
    return queued[-1]


async def test_an_event_is_done_when_every_function_has_been_called_back(bench: OpenFaasBench) -> None:
    bench.functions = [function("quick"), function("slow")]
    bench.answers = {"slow.fn": Answer(hold=asyncio.Event())}
    sink = await bench.opened()
    sending = asyncio.create_task(sink.send(event()))
    async with asyncio.timeout(10):
        while len(bench.invoked()) < 2 or len(await bench.delivered()) < 1:
            await asyncio.sleep(0.01)
    assert not sending.done()

    bench.answers["slow.fn"].hold.set()
    await sending

    assert ["/async-function/quick.fn", "/async-function/slow.fn"] == sorted(bench.invoked())
    assert [event(), event()] == await bench.delivered()
    await sink.close()


@pytest.mark.parametrize(("status", "expected"), [(500, Retry), (429, Retry), (400, Reject)])
async def test_a_function_that_failed_fails_the_event(
    bench: OpenFaasBench, status: int, expected: type[Exception]
) -> None:
    bench.answer(status)
    sink = await bench.opened()

    with pytest.raises(expected, match=rf"^all\.fn answered {status} "):
        await sink.send(event())

    await sink.close()


async def test_a_retry_leaves_out_the_functions_that_have_been_called_back_for_good(bench: OpenFaasBench) -> None:
    bench.functions = [function("good"), function("bad")]
    bench.answers = {"bad.fn": Answer(503)}
    sink = await bench.opened()
    with pytest.raises(Retry):
        await sink.send(event())

    bench.answers = {}
    await sink.send(event())

    assert ["/async-function/bad.fn"] == bench.invoked()[2:]
    await sink.close()


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Answer(500), Retry),
        (Answer(413), Reject),
        (Answer(502, {"X-OpenFaaS-Internal": "gateway"}), Unavailable),
    ],
)
async def test_what_cannot_be_queued_is_not_waited_for(
    bench: OpenFaasBench, answer: Answer, expected: type[Exception]
) -> None:
    bench.queue = answer
    sink = await bench.opened()

    with pytest.raises(expected, match=r"the queue of all\.fn answered"):
        await sink.send(event())

    await sink.close()


async def test_a_call_that_is_never_called_back_is_tried_again_and_its_late_callback_is_unknown(
    bench: OpenFaasBench,
) -> None:
    callback = {**bench.settings()["callback"], "timeout": SOON}
    bench.fall_silent()
    sink = await bench.opened(callback=callback)
    before = counted("unknown")

    with pytest.raises(Retry, match=r"^all\.fn was queued, and nobody called back within 0\.5 s$"):
        await sink.send(event())
    late = await the_queued_one(bench)
    headers = {"X-Call-Id": late.header("x-call-id") or "", "X-Function-Status": "200"}

    assert 200 == await call_back(late.header("x-callback-url"), Answer(), headers)
    assert 1 == counted("unknown") - before
    await sink.close()


async def test_only_who_knows_the_address_is_heard(bench: OpenFaasBench) -> None:
    bench.fall_silent()
    sink = await bench.opened()
    sending = asyncio.create_task(sink.send(event()))
    queued = await the_queued_one(bench)
    url, call = queued.header("x-callback-url") or "", queued.header("x-call-id") or ""
    right = {"X-Call-Id": call, "X-Function-Status": "200"}
    refused, malformed, unknown = counted("refused"), counted("malformed"), counted("unknown")

    said = [
        await call_back(f"{url[:-1]}{'a' if url[-1] != 'a' else 'b'}", Answer(), right),
        await call_back(f"{url}\N{SNOWMAN}", Answer(), right),
        await call_back(url.rpartition("/")[0], Answer(), right),
        await call_back(url, Answer(), right, method="PUT"),
        await call_back(url, Answer(), {"X-Call-Id": call, "X-Function-Status": "fine"}),
        await call_back(url, Answer(), {"X-Call-Id": call}),
        await call_back(url, Answer(), {"X-Call-Id": "another", "X-Function-Status": "200"}),
        await call_back(url, Answer(), {"X-Function-Status": "200"}),
    ]

    assert [404, 404, 404, 405, 400, 400, 200, 200] == said
    counts = [counted("refused") - refused, counted("malformed") - malformed, counted("unknown") - unknown]
    assert [4, 2, 2] == counts
    assert not sending.done()
    assert 200 == await call_back(url, Answer(), right)
    await sending
    await sink.close()


async def test_the_first_callback_of_a_call_counts(bench: OpenFaasBench) -> None:
    where = {"listen": bench.callback, "url": f"http://{bench.callback}"}
    callbacks = Callbacks(CallbackConfig.model_validate(where), "bench")
    await callbacks.start()
    before = counted("unknown")
    with callbacks.expect() as call:
        headers = dict(call.headers)
        for status in ("500", "200"):
            told = {"X-Call-Id": headers["x-call-id"], "X-Function-Status": status}
            assert 200 == await call_back(headers["x-callback-url"], Answer(), told)

        assert (500, 1) == ((await call.told).status, counted("unknown") - before)
    await callbacks.close()


async def test_a_large_answer_of_a_function_is_not_kept(bench: OpenFaasBench) -> None:
    bench.answer(200, body=b"x" * 20_000_000)
    sink = await bench.opened()

    await sink.send(event())

    await sink.close()


async def test_the_address_is_told_to_nobody_but_the_gateway(bench: OpenFaasBench) -> None:
    with Overheard() as logs:
        sink = await bench.opened()
        await sink.send(event())
        token = (await the_queued_one(bench)).header("x-callback-url").rpartition("/")[2]
        host, _, port = bench.callback.partition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(f"POST /back/{token}\0 HTTP/9.9\r\n\r\n".encode())
        assert (await reader.readline()).startswith(b"HTTP/1.0 400 ")
        writer.close()
        await writer.wait_closed()
        await sink.close()

    assert 43 == len(token)
    assert [] == [line for line in [*logs, repr(sink), repr(sink._callbacks)] if token in line]


async def test_a_call_that_is_cancelled_waits_for_nothing(bench: OpenFaasBench) -> None:
    bench.fall_silent()
    sink = await bench.opened()
    sending = asyncio.create_task(sink.send(event()))
    await the_queued_one(bench)

    sending.cancel()
    await asyncio.wait([sending])

    assert {} == sink._callbacks._calls
    await sink.close()


async def test_an_address_that_is_taken_is_refused_with_a_cure(bench: OpenFaasBench) -> None:
    first = await bench.opened()

    with pytest.raises(Refused, match=r"cannot listen on .* change callback\.listen"):
        await bench.opened()

    await first.open()
    await first.send(event())
    await first.close()
