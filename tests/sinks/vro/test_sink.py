"""Against a stand-in: the sink as the engine sees it."""

from __future__ import annotations

import asyncio
import signal
import sys
from typing import TYPE_CHECKING

import orjson
import pytest

from schemas.errors import Refused, Reject, Retry, Unavailable
from sinks.jsonapi import Deadline
from tests.sinks.bench import event
from tests.sinks.conformance import Case, cases
from tests.sinks.destination import Answer
from tests.sinks.vro.standin import STARTED

if TYPE_CHECKING:
    from pathlib import Path

    from tests.sinks.destination import Received
    from tests.sinks.vro.bench import VroBench


@pytest.mark.parametrize("case", cases("http", "login"))
async def test_keeps_the_contract_of_sinks(case: Case, each: VroBench) -> None:
    await case(each)


async def test_an_event_is_done_when_its_workflow_has_completed(bench: VroBench) -> None:
    bench.vro.states = ("initializing", "running", "waiting-signal", "suspended", "completed")
    sink = await bench.opened()

    await sink.send(event())

    [run] = bench.vro.runs.values()
    assert ["completed"] == run.states
    await sink.close()


async def test_a_workflow_that_waits_for_a_person_is_not_waited_for(bench: VroBench) -> None:
    bench.vro.states = ("running", "waiting")
    sink = await bench.opened()

    await sink.send(event())

    assert 1 == bench.vro.posts
    await sink.close()


@pytest.mark.parametrize(
    ("state", "words"), [("failed", "has failed: no such\n machine"), ("canceled", "was canceled")]
)
async def test_a_failure_is_told_in_the_words_of_the_workflow(bench: VroBench, state: str, words: str) -> None:
    bench.vro.states = ("running", state)
    bench.vro.failure = "no such\n machine" if state == "failed" else None
    sink = await bench.opened()

    with pytest.raises(Reject) as caught:
        await sink.send(event())

    assert (f"workflow execution {0:032x} {words.replace(chr(10), ' ')}", state) == (
        caught.value.reason,
        caught.value.status,
    )
    await sink.close()


async def test_a_workflow_that_goes_on_is_adopted_by_the_next_attempt(bench: VroBench) -> None:
    bench.vro.states = ("running",)
    sink = await bench.opened(timeout="300ms")
    for _ in range(2):
        with pytest.raises(Retry, match="is still running"):
            await sink.send(event())
    [run] = bench.vro.runs.values()

    run.states = ["completed"]
    await sink.send(event())

    assert 1 == bench.vro.posts
    await sink.close()


async def test_left_alone_it_is_done_when_it_has_started(bench: VroBench) -> None:
    bench.vro.states = ("running",)
    sink = await bench.opened(follow=False)

    await sink.send(event())

    assert 1 == bench.vro.posts
    await sink.close()


@pytest.mark.parametrize("marker", [{"cloudEventAttributes": "Properties"}, {"rawEventData": "string"}])
async def test_another_process_finds_what_was_started(bench: VroBench, marker: dict[str, str]) -> None:
    """An id that looks like a number is compared as text."""
    bench.vro.inputs = marker
    for number in (41, 42, 42.0):
        sink = await bench.opened()
        await sink.send(event(id=str(number)))
        await sink.close()

    again = await bench.opened()
    for number in (41, 42, 42.0):
        await again.send(event(id=str(number)))

    assert 3 == bench.vro.posts
    await again.close()


async def test_events_of_other_sources_and_replays_are_others(bench: VroBench) -> None:
    replayed = event(extensions={"vcenter": "vc1", "reflexarcreplay": "r1"})
    sink = await bench.opened()

    for each in (event(), event(source="https://vc2.example/sdk"), replayed, replayed, event()):
        await sink.send(each)

    assert 3 == bench.vro.posts
    await sink.close()


async def test_a_kill_between_start_and_answer_leaves_one_execution(bench: VroBench) -> None:
    """The process that has asked is gone with all that it knew."""
    posted = asyncio.Event()

    def killed(received: Received) -> Answer:
        answer = bench.vro.handle(received)
        if received.method != "POST":
            return answer
        posted.set()
        return Answer(hold=asyncio.Event())

    first = await bench.opened()
    bench.destination.answer = killed
    attempt = asyncio.create_task(first.send(event()))
    await posted.wait()
    await bench.destination.stop()
    bench.destination.answer = bench.vro.handle
    with pytest.raises((Retry, Unavailable)):
        await attempt
    await bench.destination.start()

    second = await bench.opened()
    await second.send(event())

    assert (1, 1) == (bench.vro.posts, len(bench.vro.runs))
    await second.close()


async def test_a_killed_process_leaves_one_execution(bench: VroBench, tmp_path: Path) -> None:
    """SIGKILL while vRO has the start and has not answered it."""
    posted = asyncio.Event()

    def held(received: Received) -> Answer:
        answer = bench.vro.handle(received)
        if received.method != "POST":
            return answer
        posted.set()
        return Answer(hold=asyncio.Event())

    bench.destination.answer = held
    settings = tmp_path / "settings.json"
    settings.write_bytes(orjson.dumps(bench.settings()))
    sender = await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.sinks.vro.sender", str(settings))
    await posted.wait()
    sender.kill()
    await sender.wait()
    bench.destination.answer = bench.vro.handle

    sink = await bench.opened()
    await sink.send(event())

    assert (-signal.SIGKILL, 1, 1) == (sender.returncode, bench.vro.posts, len(bench.vro.runs))
    await sink.close()


async def test_a_hung_start_is_found_by_the_attempt_that_follows(bench: VroBench) -> None:
    def hung(received: Received) -> Answer:
        answer = bench.vro.handle(received)
        return Answer(hold=asyncio.Event()) if received.method == "POST" else answer

    sink = await bench.opened(timeout="500ms")
    bench.destination.answer = hung
    with pytest.raises(Retry, match="nobody knows whether the workflow was started"):
        await sink.send(event())

    await sink.send(event())

    assert 1 == bench.vro.posts
    await sink.close()


async def test_what_may_still_appear_is_not_started_again_too_soon(bench: VroBench) -> None:
    """A start that vRO takes up only after we have looked."""
    late: list[Received] = []

    def slow(received: Received) -> Answer:
        if received.method == "POST" and not late:
            late.append(received)
            return Answer(hold=asyncio.Event())
        return bench.vro.handle(received)

    sink = await bench.opened(timeout="500ms")
    bench.destination.answer = slow
    with pytest.raises(Retry):
        await sink.send(event())
    with pytest.raises(Retry, match="too soon to tell"):
        await sink.send(event())
    bench.vro.handle(late[0])

    await sink.send(event())

    assert 1 == len(bench.vro.runs)
    await sink.close()


async def test_what_has_not_appeared_in_time_is_started_again(bench: VroBench) -> None:
    lost: list[Received] = []

    def losing(received: Received) -> Answer:
        if received.method == "POST" and not lost:
            lost.append(received)
            return Answer(hold=asyncio.Event())
        return bench.vro.handle(received)

    sink = await bench.opened(timeout="500ms")
    bench.destination.answer = losing
    with pytest.raises(Retry):
        await sink.send(event())
    bench.now += 6

    await sink.send(event())

    assert 1 == len(bench.vro.runs)
    await sink.close()


async def test_a_gateway_that_gives_up_says_nothing_about_the_start(bench: VroBench) -> None:
    def behind_a_proxy(received: Received) -> Answer:
        answer = bench.vro.handle(received)
        return Answer(504) if received.method == "POST" else answer

    sink = await bench.opened()
    bench.destination.answer = behind_a_proxy

    await sink.send(event())

    assert 1 == bench.vro.posts
    await sink.close()


async def test_who_is_cancelled_waits_for_the_answer_to_the_start(bench: VroBench) -> None:
    """Whoever gets the event next finds it."""
    posted, answered = asyncio.Event(), asyncio.Event()

    def slow(received: Received) -> Answer:
        answer = bench.vro.handle(received)
        if received.method != "POST":
            return answer
        posted.set()
        return Answer(answer.status, answer.headers, answer.body, hold=answered)

    sink = await bench.opened()
    bench.destination.answer = slow
    attempt = asyncio.create_task(sink.send(event()))
    await posted.wait()
    attempt.cancel()
    await asyncio.sleep(0.05)
    assert not attempt.done()

    answered.set()
    await asyncio.wait([attempt])

    assert attempt.cancelled()
    await sink.close()


@pytest.mark.parametrize(("settings", "posts"), [({}, 1), ({"repeat_failed": True}, 2)])
async def test_a_failed_execution_is_repeated_only_when_told(
    bench: VroBench, settings: dict[str, bool], posts: int
) -> None:
    bench.vro.states = ("failed",)
    sink = await bench.opened(**settings)
    for _ in range(2):
        with pytest.raises(Reject, match="has failed"):
            await sink.send(event())
        sink.forget(event())

    assert posts == bench.vro.posts
    await sink.close()


async def test_without_looking_every_event_is_started(bench: VroBench) -> None:
    bench.vro.inputs = {"vm": "VC:VirtualMachine"}
    with pytest.raises(Refused, match="neither an input cloudEventAttributes nor rawEventData"):
        await bench.opened()
    sink = await bench.opened(once=False)

    await sink.send(event())
    await sink.send(event())

    assert (2, 0) == (bench.vro.posts, bench.vro.reads)
    await sink.close()


async def test_an_answer_that_names_no_execution_is_looked_behind(bench: VroBench) -> None:
    bench.answer(202)
    sink = await bench.opened()

    await sink.send(event())

    assert 1 == bench.vro.posts
    await sink.close()


async def test_executions_from_before_the_event_are_not_read(bench: VroBench) -> None:
    sink = await bench.opened()
    for number in range(1200):
        bench.vro.start([]).started = STARTED - 86_500_000 + number
    bench.vro.start([])

    await sink.send(event())

    assert 1 == bench.vro.reads
    await sink.close()


async def test_an_execution_that_has_no_inputs_yet_is_read_again(bench: VroBench) -> None:
    sink = await bench.opened()
    first = await bench.opened(follow=False)
    bench.vro.states = ("initializing",)
    await first.send(event())
    [run] = bench.vro.runs.values()
    inputs, run.inputs = run.inputs, []
    assert await sink._search.find(event(), Deadline(10)) is None
    run.inputs, run.states = inputs, ["completed"]

    await sink.send(event())

    assert 1 == bench.vro.posts
    await sink.close()


async def test_what_was_read_once_is_not_read_again(bench: VroBench) -> None:
    bench.vro.states = ("completed",)
    for _ in range(30):
        bench.vro.start([])
    sink = await bench.opened()

    for number in range(3):
        await sink.send(event(number))

    assert 30 == bench.vro.reads
    await sink.close()


async def test_more_executions_than_can_be_looked_at_start_nothing(bench: VroBench) -> None:
    for _ in range(10_001):
        bench.vro.start([])
    sink = await bench.opened()

    with pytest.raises(Retry, match="more than 10000 executions"):
        await sink.send(event())

    assert 0 == bench.vro.posts
    await sink.close()


async def test_an_execution_that_vanishes_is_not_started_again(bench: VroBench) -> None:
    bench.vro.states = ("running",)
    sink = await bench.opened(timeout="300ms")
    with pytest.raises(Retry):
        await sink.send(event())
    bench.vro.purged = set(bench.vro.runs)

    with pytest.raises(Reject, match="is gone"):
        await sink.send(event())

    assert 1 == bench.vro.posts
    await sink.close()


async def test_a_token_that_has_expired_is_replaced(bench: VroBench) -> None:
    bench.vro.bearer = True
    sink = await bench.opened(auth="bearer")
    bench.vro.tokens.clear()

    await sink.send(event())

    assert (2, 1) == (bench.vro.issued, bench.vro.posts)
    await sink.close()


async def test_tokens_that_nobody_accepts_are_not_asked_for_with_every_event(bench: VroBench) -> None:
    bench.vro.bearer = True
    sink = await bench.opened(auth="bearer")
    bench.vro.bearer = False

    for _ in range(3):
        with pytest.raises(Retry, match="401"):
            await sink.send(event())

    assert 2 == bench.vro.issued
    await sink.close()


async def test_an_unknown_workflow_is_told_at_the_start(bench: VroBench) -> None:
    with pytest.raises(Refused, match="knows no workflow another"):
        await bench.opened(workflow="another")


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b'{"relations": {"link": 1}}', b"<html>"])
async def test_an_answer_that_is_no_list_starts_nothing(bench: VroBench, body: bytes) -> None:
    sink = await bench.opened()

    def broken(received: Received) -> Answer:
        listed = received.method == "GET" and "?" in received.path
        return Answer(200, body=body) if listed else bench.vro.handle(received)

    bench.destination.answer = broken
    with pytest.raises(Retry, match="without a list"):
        await sink.send(event())

    assert 0 == bench.vro.posts
    await sink.close()


async def test_what_vro_is_told_can_be_read(bench: VroBench) -> None:
    sink = await bench.opened()
    machine = {"Name": "web-1", "Vm": {"Type": "VirtualMachine", "Value": "vm-55"}}

    await sink.send(event(data=orjson.dumps({"Key": 7, "Vm": machine})))

    [run] = bench.vro.runs.values()
    assert {"sdk-object": {"type": "VC:VirtualMachine", "id": "vc1.example,id:vm-55"}} == run.told["vm"]["value"]
    assert ["key", "vm", "cloudEventAttributes", "rawEventData", "availableInputs"] == [*run.told]
    await sink.close()
