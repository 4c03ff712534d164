from __future__ import annotations

import asyncio
from typing import Any, get_args

import pytest
from prometheus_client import REGISTRY

from schemas.cloudevents import json
from schemas.errors import Refused, Reject, Retry, Unavailable
from sinks.openfaas import functions
from sinks.openfaas.sink import combine
from tests.sinks.bench import event
from tests.sinks.conformance import Case, cases
from tests.sinks.destination import Answer
from tests.sinks.openfaas.gateway import Mode, OpenFaasBench, function


def unclaimed() -> float:
    return REGISTRY.get_sample_value("reflexarc_openfaas_unclaimed_total", {"sink": "bench"}) or 0


def refreshing() -> list[asyncio.Task[Any]]:
    return [task for task in asyncio.all_tasks() if task.get_name() == "bench refresh"]


@pytest.mark.parametrize("case", cases("http", "login"))
@pytest.mark.parametrize("mode", get_args(Mode))
async def test_keeps_the_contract_of_sinks(case: Case, bench: OpenFaasBench, mode: Mode) -> None:
    bench.mode = mode
    await case(bench)


async def test_a_function_gets_the_whole_event_and_no_credentials(bench: OpenFaasBench) -> None:
    sink = await bench.opened()

    await sink.send(event())

    [received] = [received for received in bench.gateway.received if received.method == "POST"]
    assert ("/function/all.fn", "application/cloudevents+json", None) == (
        received.path,
        received.header("content-type"),
        received.header("authorization"),
    )
    assert event() == json.loads(received.body)
    await sink.close()


async def test_a_function_of_the_event_router_gets_the_same_body_without_a_media_type(bench: OpenFaasBench) -> None:
    sink = await bench.opened(body_format="event-router", type_format="event-router")

    await sink.send(event())

    [received] = [received for received in bench.gateway.received if received.method == "POST"]
    assert {"host", "user-agent", "content-length"} == {name.lower() for name, _ in received.headers}
    assert event(type="com.vmware.event.router/event") == json.loads(received.body)
    await sink.close()


async def test_an_invocation_can_be_left_to_the_queue_of_the_gateway(bench: OpenFaasBench) -> None:
    bench.answer(202)
    sink = await bench.opened(**{"async": True})

    await sink.send(event())

    assert ["/async-function/all.fn"] == bench.invoked()
    await sink.close()


async def test_every_function_that_asks_for_the_subject_is_invoked(bench: OpenFaasBench) -> None:
    bench.functions = [
        function("one", "VmPoweredOffEvent"),
        function("two", "A,VmPoweredOffEvent ,B", "other"),
        function("case", "vmpoweredoffevent"),
        function("longer", "VmPoweredOffEventX"),
        function("none", None),
    ]
    sink = await bench.opened()

    await sink.send(event())

    assert ["/function/one.fn", "/function/two.other"] == sorted(bench.invoked())
    await sink.close()


async def test_a_gateway_without_namespaces_is_asked_once_for_all_functions(bench: OpenFaasBench) -> None:
    bench.functions = [function("one", namespace="")]
    sink = await bench.opened()

    await sink.send(event())

    lists = [received.path for received in bench.gateway.received if received.method == "GET"]
    assert (["/system/namespaces", "/system/functions"], ["/function/one"]) == (lists, bench.invoked())
    await sink.close()


@pytest.mark.parametrize("subject", ["Unknown", None])
async def test_an_event_that_nobody_asks_for_is_accepted_and_counted(bench: OpenFaasBench, subject: str | None) -> None:
    sink = await bench.opened()
    before = unclaimed()

    await sink.send(event(subject=subject))

    assert ([], 1) == (bench.invoked(), unclaimed() - before)
    await sink.close()


async def test_a_retry_leaves_out_the_functions_that_have_answered_for_good(bench: OpenFaasBench) -> None:
    bench.functions = [function("good"), function("bad"), function("slow")]
    bench.answers = {"bad.fn": Answer(400), "slow.fn": Answer(503, {"Retry-After": "2"})}
    sink = await bench.opened()
    with pytest.raises(Retry, match=r"^slow\.fn answered 503 Service Unavailable$") as caught:
        await sink.send(event())
    assert (2.0, 3) == (caught.value.after, bench.requests())

    bench.answers["slow.fn"] = Answer(200)
    with pytest.raises(Reject, match=r"^bad\.fn answered 400 Bad Request$"):
        await sink.send(event())

    assert ["/function/slow.fn"] == bench.invoked()[3:]
    assert 0 == len(sink._settled)
    await sink.close()


async def test_what_was_answered_before_an_attempt_is_cut_short_counts(bench: OpenFaasBench) -> None:
    bench.functions = [function("quick"), function("slow")]
    bench.answers = {"slow.fn": Answer(hold=asyncio.Event())}
    sink = await bench.opened()
    sending = asyncio.create_task(sink.send(event()))
    async with asyncio.timeout(10):
        while bench.requests() < 2 or "quick.fn" not in sink._settled.of(event()):
            await asyncio.sleep(0.01)
    sending.cancel()
    await asyncio.wait([sending])

    bench.answers = {}
    await sink.send(event())

    assert ["/function/slow.fn"] == bench.invoked()[2:]
    await sink.close()


async def test_a_refusal_is_not_forgotten_when_no_function_asks_any_more(bench: OpenFaasBench) -> None:
    bench.functions = [function("bad"), function("slow")]
    bench.answers = {"bad.fn": Answer(400), "slow.fn": Answer(503)}
    sink = await bench.opened()
    with pytest.raises(Retry):
        await sink.send(event())

    bench.functions = []
    await sink.open()
    with pytest.raises(Reject, match=r"^bad\.fn answered 400 Bad Request$"):
        await sink.send(event())

    await sink.close()


async def test_a_finished_event_that_comes_again_is_delivered_again(bench: OpenFaasBench) -> None:
    sink = await bench.opened()

    await sink.send(event())
    await sink.send(event())

    assert 2 == bench.requests()
    await sink.close()


@pytest.mark.parametrize(
    ("status", "internal", "expected"),
    [
        (502, "gateway", Unavailable),
        (503, "proxy", Retry),
        (500, "proxy", Retry),
        (400, "proxy", Retry),
        (429, "faas-middleware", Retry),
        (400, None, Reject),
    ],
)
async def test_an_answer_that_no_function_gave_never_condemns_the_event(
    bench: OpenFaasBench, status: int, internal: str | None, expected: type[Exception]
) -> None:
    bench.answer(status, {"X-OpenFaaS-Internal": internal} if internal else {})
    sink = await bench.opened()

    with pytest.raises(expected, match=r"all\.fn answered"):
        await sink.send(event())

    await sink.close()


async def test_new_functions_are_found_without_a_restart(bench: OpenFaasBench) -> None:
    bench.functions = []
    sink = await bench.opened(refresh="10ms")
    bench.functions = [function("late")]

    async with asyncio.timeout(10):
        while not bench.invoked():
            await bench.gateway.arrivals(len(bench.gateway.received) + 1)
            await sink.send(event())

    await sink.close()


@pytest.mark.parametrize(
    "lists", [Answer(500), Answer(401), Answer(body=b"{}"), Answer(body=b"[{"), Answer(302, {"Location": "/"})]
)
async def test_functions_stay_known_while_the_gateway_cannot_list_them(
    bench: OpenFaasBench, lists: Answer, caplog: pytest.LogCaptureFixture
) -> None:
    sink = await bench.opened(refresh="10ms")
    bench.lists = lists
    await bench.gateway.arrivals(len(bench.gateway.received) + 3)

    await sink.send(event())

    assert ["/function/all.fn"] == bench.invoked()
    assert "bench: keeping the functions known so far" in caplog.text
    await sink.close()


async def test_what_functions_ask_for_is_told_when_it_changes(
    bench: OpenFaasBench, caplog: pytest.LogCaptureFixture
) -> None:
    def changes() -> tuple[float | None, float | None, float | None]:
        name = "reflexarc_openfaas_subscription_changes_total"
        come, gone = (
            REGISTRY.get_sample_value(name, {"sink": "watched", "change": change})
            for change in ("appeared", "vanished")
        )
        return come, gone, REGISTRY.get_sample_value("reflexarc_openfaas_subscriptions", {"sink": "watched"})

    caplog.set_level("INFO", "sinks")
    bench.functions = [function("stays", "A,B"), function("goes", "A")]
    sink = await bench.opened(name="watched")
    assert (3.0, 0.0, 3.0) == changes()
    caplog.clear()

    bench.functions = [function("stays", "B,evil\nline"), *(function(f"new-{number}", "C") for number in range(30))]
    await sink.open()

    assert (34.0, 2.0, 32.0) == changes()
    assert [
        r"watched: stays.fn asks for evil\nline and asks no more for A",
        "watched: goes.fn asks no more for A",
        "watched: new-0.fn asks for C",
    ] == caplog.messages[:3]
    assert (21, "watched: 12 more functions have changed what they ask for") == (
        len(caplog.messages),
        caplog.messages[-1],
    )
    caplog.clear()
    await sink.open()
    assert [] == caplog.messages
    await sink.close()


@pytest.mark.parametrize("body", [b"null", b"[]", b""])
async def test_a_gateway_may_list_nothing(bench: OpenFaasBench, body: bytes) -> None:
    bench.lists = Answer(body=body)
    sink = await bench.opened()
    before = unclaimed()

    await sink.send(event())

    assert 1 == unclaimed() - before
    await sink.close()


@pytest.mark.parametrize("status", [401, 403])
async def test_a_gateway_that_refuses_the_account_is_reported(bench: OpenFaasBench, status: int) -> None:
    bench.lists = Answer(status)

    with pytest.raises(Refused, match="does not accept the account"):
        await bench.opened()


async def test_opening_twice_reads_the_functions_in_one_place(bench: OpenFaasBench) -> None:
    sink = await bench.opened(refresh="1h")
    await sink.open()

    assert 1 == len(refreshing())
    await sink.close()
    assert [] == refreshing()


async def test_opening_again_resumes_reading_the_functions(bench: OpenFaasBench) -> None:
    sink = await bench.opened(refresh="1h")
    [ended] = refreshing()
    ended.cancel()
    await asyncio.wait((ended,))
    await sink.open()

    assert 1 == len(refreshing())
    await sink.close()


async def test_a_fault_in_reading_the_functions_is_logged_and_does_not_end_it(
    bench: OpenFaasBench, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.functions = []
    sink = await bench.opened(refresh="10ms")
    failed = asyncio.Event()

    def fail(_functions: object) -> None:
        failed.set()
        raise LookupError("unforeseen")

    with monkeypatch.context() as patched:
        patched.setattr(functions, "by_topic", fail)
        async with asyncio.timeout(10):
            await failed.wait()
    bench.functions = [function("late")]
    async with asyncio.timeout(10):
        while not bench.invoked():
            await bench.gateway.arrivals(len(bench.gateway.received) + 1)
            await sink.send(event())

    assert "LookupError: unforeseen" in caplog.text
    await sink.close()


def test_of_several_instructions_waiting_comes_before_trying_and_trying_before_giving_up() -> None:
    away, again, later = Unavailable("away"), Retry("again", after=1.0), Retry("later", status="503", after=5.0)
    never = Reject("never", status="400")

    assert "again; away; never" == str(combine([again, away, never]))
    assert [Unavailable, Retry, Reject] == [
        type(combine(outcomes)) for outcomes in ([again, away, never], [never, again, later], [never, never])
    ]
    retry = combine([never, again, later])
    assert isinstance(retry, Retry)
    assert (5.0, "400", "never") == (retry.after, retry.status, str(combine([never, never])))
