from __future__ import annotations

import asyncio
import json as stdlib
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from schemas.errors import Refused, Reject, Retry, Unavailable
from sinks.eventbridge import handover
from sinks.eventbridge.config import EventBridgeConfig
from sinks.eventbridge.entry import to_entry
from sinks.eventbridge.size import size
from tests.sinks import conformance
from tests.sinks.bench import SECRET, event
from tests.sinks.conformance import Case, Overheard, cases
from tests.sinks.destination import Answer
from tests.sinks.eventbridge.bus import V2, moment, refusal, weight
from tests.sinks.eventbridge.signature import KEY

if TYPE_CHECKING:
    from schemas.cloudevents import CloudEvent
    from tests.sinks.destination import Received
    from tests.sinks.eventbridge.bench import EventBridgeBench


@pytest.mark.parametrize("case", cases("login", "batch"))
async def test_keeps_the_contract_of_sinks(case: Case, bench: EventBridgeBench) -> None:
    await case(bench)


async def test_a_connector_that_does_not_look_at_failed_entries_breaks_the_contract(
    bench: EventBridgeBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handover, "of_entry", lambda _: None)

    with pytest.raises(AssertionError):
        await conformance.tells_what_became_of_each_event_of_a_batch(bench)


class TestBus:
    async def test_that_is_not_there_needs_a_person(self, bench: EventBridgeBench) -> None:
        other = V2.replace("events-of-ours", "elsewhere") if bench.api == "v2" else "elsewhere"

        with pytest.raises(Refused, match="ResourceNotFoundException: Event bus does not exist"):
            await bench.sink(bus=other).open()

    async def test_that_may_not_be_looked_at_is_used_all_the_same(self, bench: EventBridgeBench) -> None:
        bench.bus.fail["DescribeEventBus"] = 400, "AccessDeniedException", {}
        sink = bench.sink()
        with Overheard() as logs:
            await sink.open()
        await sink.send(event())

        assert [event()] == await bench.delivered()
        assert [line for line in logs if "allow events:DescribeEventBus" in line]

    async def test_that_is_overloaded_at_the_start_is_waited_for(self, bench: EventBridgeBench) -> None:
        bench.bus.fail["DescribeEventBus"] = 429, "ThrottlingException", {}

        with pytest.raises(Unavailable, match="ThrottlingException"):
            await bench.sink().open()

    async def test_is_asked_of_an_open_sink_only(self, bench: EventBridgeBench) -> None:
        with pytest.raises(Unavailable, match="not connected"):
            await bench.sink().send(event())

    async def test_with_subscribers_takes_an_event_that_it_has_for_delivered(self, v2: EventBridgeBench) -> None:
        sink = v2.sink()
        await sink.open()

        await sink.send(event())
        await sink.send(event())

        assert ([event()], 2) == (await v2.delivered(), v2.requests())

    async def test_with_subscribers_is_told_which_events_stay_in_order(self, v2: EventBridgeBench) -> None:
        sink = v2.sink()
        await sink.open()

        await sink.send(event())

        assert ["vc1/vm-55"] == [entry["SystemMetadata"]["EventGroupId"] for entry in v2.bus.taken]


class TestCredentials:
    async def test_come_from_a_named_profile(self, bench: EventBridgeBench) -> None:
        bench.secret.write_text(f"[other]\naws_access_key_id = {KEY}\naws_secret_access_key = {SECRET}\n")
        sink = bench.sink(profile="other")
        await sink.open()

        await sink.send(event())

        assert [event()] == await bench.delivered()

    async def test_come_from_the_environment_before_any_file(
        self, bench: EventBridgeBench, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        bench.keep_secret("wrong")
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY)
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
        sink = bench.sink()
        await sink.open()

        await sink.send(event())

        assert [event()] == await bench.delivered()

    async def test_that_nobody_has_need_a_person(self, bench: EventBridgeBench) -> None:
        bench.secret.unlink()

        with pytest.raises(Refused, match="Unable to locate credentials"):
            await bench.sink().open()

    async def test_of_a_profile_that_is_not_there_need_a_person(self, bench: EventBridgeBench) -> None:
        with pytest.raises(Refused, match="nobody"):
            await bench.sink(profile="nobody").open()

    async def test_without_a_region_need_a_person(self, classic: EventBridgeBench) -> None:
        with pytest.raises(Refused, match=r"no region is known .write region"):
            await classic.sink(region=None).open()

    async def test_appear_in_no_error_and_no_log_even_when_aws_quotes_all_that_was_signed(
        self, bench: EventBridgeBench, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        key, token = "ASIAIOSFODNN7EXAMPLE", "IQoJb3JpZ2luX2VjEJr/wEaDGV1LWNlbnRyYWwtMSJHMEUCIQ" * 8
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", key)
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
        monkeypatch.setenv("AWS_SESSION_TOKEN", token)
        quoted: list[str] = []

        def refusing(received: Received) -> Answer:
            lines = [f"{name.lower()}:{value}" for name, value in received.headers]
            quoted.extend(re.findall("Signature=([0-9a-f]{64})", received.header("Authorization") or ""))
            return refusal(bench.api, "SignatureDoesNotMatch", "\n".join(["The Canonical String is", *lines]))

        bench.destination.answer = refusing
        with Overheard() as logs, pytest.raises(Refused) as caught:
            await bench.sink().open()

        said = [str(caught.value), repr(caught.value.args), *logs]
        assert quoted
        assert [] == [text for text in said for secret in (key, token, SECRET, *quoted) if secret in text]


class TestCall:
    async def test_that_is_throttled_comes_again_after_a_pause(self, bench: EventBridgeBench) -> None:
        sink = bench.sink()
        await sink.open()
        for headers, after in (({}, 1.0), ({"Retry-After": "7"}, 7.0)):
            bench.bus.fail["PutEvents"] = 429, "ThrottlingException", headers

            with pytest.raises(Retry) as caught:
                await sink.send(event())

            assert ("ThrottlingException", after) == (caught.value.status, caught.value.after)

    @pytest.mark.parametrize("code", ["AccessDeniedException", "ExpiredTokenException", "ResourceNotFoundException"])
    async def test_that_we_may_not_make_condemns_no_event(self, bench: EventBridgeBench, code: str) -> None:
        sink = bench.sink()
        await sink.open()
        bench.bus.fail["PutEvents"] = 403, code, {}

        with pytest.raises(Unavailable, match=code):
            await sink.send(event())

    async def test_is_made_once_and_not_repeated_behind_the_back_of_the_engine(self, bench: EventBridgeBench) -> None:
        sink = bench.sink()
        await sink.open()
        before = len(bench.destination.received)
        bench.bus.fail["PutEvents"] = 500, "InternalException", {}

        with pytest.raises(Retry):
            await sink.send(event())

        assert before + 1 == len(bench.destination.received)

    async def test_that_one_entry_spoils_is_made_again_without_it(self, bench: EventBridgeBench) -> None:
        sink = bench.batching()
        await sink.open()
        bench.bus.limit = 6_000
        events = [event(number) for number in range(6)]
        events[4] = event(4, data=b"x" * 9_000, datacontenttype="text/plain")

        outcomes = await sink.send_batch(events)

        assert [type(None)] * 4 + [Reject] + [type(None)] == [type(outcome) for outcome in outcomes]
        assert events[:4] + events[5:] == await bench.delivered()

    async def test_has_no_more_entries_than_configured(self, bench: EventBridgeBench) -> None:
        sink = bench.batching(batch=2)
        await sink.open()

        await sink.send_batch([event(number) for number in range(5)])

        assert [2, 2, 1] == [len(call) for call in bench.bus.calls]

    async def test_weighs_no_more_than_configured(self, bench: EventBridgeBench) -> None:
        sink = bench.batching(max_entry_bytes=4_000)
        await sink.open()
        events = [event(number, data=b"x" * 900, datacontenttype="text/plain") for number in range(8)]

        assert [None] * 8 == list(await sink.send_batch(events))

        assert [] == [call for call in bench.bus.calls if sum(map(weight, call)) > 4_000]
        assert events == await bench.delivered()
        assert 4 == len(bench.bus.calls)

    async def test_takes_the_largest_entry_that_aws_takes_and_no_larger_one(self, classic: EventBridgeBench) -> None:
        sink = classic.batching()
        await sink.open()
        rest = 1024 * 1024 - 1 - _weight_without_data()

        outcomes = await sink.send_batch([_heavy(1, rest + 1), _heavy(2, rest)])

        assert [_heavy(2, rest)] == await classic.delivered()
        [largest] = classic.bus.taken
        assert 1024 * 1024 - 1 == weight(largest)
        assert ["the entry has 1048576 bytes, the bus takes 1048575 (max_entry_bytes)"] == [
            outcome.reason for outcome in outcomes if isinstance(outcome, Reject)
        ]

    async def test_that_fails_behind_one_that_did_not_brings_only_its_own_events_again(
        self, bench: EventBridgeBench
    ) -> None:
        sink = bench.batching(batch=2)
        await sink.open()
        events = [event(number) for number in range(5)]

        def once(received: Received) -> Answer:
            answer = bench.bus.answer(received)
            bench.bus.fail["PutEvents"] = 403, "ExpiredTokenException", {}
            return answer

        bench.destination.answer = once

        outcomes = await sink.send_batch(events)

        assert [type(None)] * 2 + [Retry] * 3 == [type(outcome) for outcome in outcomes]
        assert events[:2] == await bench.delivered()

    async def test_whose_answer_does_not_fit_the_question_is_a_retry(self, classic: EventBridgeBench) -> None:
        sink = classic.batching()
        await sink.open()
        body = b'{"FailedEntryCount": 0, "Entries": [{"EventId": "e"}]}'
        classic.destination.answer = lambda _: Answer(200, {"Content-Type": "application/x-amz-json-1.1"}, body)

        outcomes = await sink.send_batch([event(1), event(2)])

        assert [Retry, Retry] == [type(outcome) for outcome in outcomes]

    @pytest.mark.parametrize(
        ("status", "body"), [(200, b"<html>"), (200, b""), (302, b""), (404, b"no such page"), (502, b"<html>")]
    )
    async def test_that_something_else_answers_is_a_retry(
        self, bench: EventBridgeBench, status: int, body: bytes
    ) -> None:
        sink = bench.sink()
        await sink.open()
        bench.destination.answer = lambda _: Answer(status, {}, body)

        with pytest.raises(Retry):
            await sink.send(event())

    async def test_has_ended_when_a_cancelled_sending_returns(self, bench: EventBridgeBench) -> None:
        sink = bench.sink()
        await sink.open()
        held = asyncio.Event()
        seen = len(bench.destination.received)

        bench.destination.answer = lambda _: Answer(500, hold=held)
        sending = asyncio.create_task(sink.send(event()))
        await bench.destination.arrivals(seen + 1)
        sending.cancel()
        done, _ = await asyncio.wait((sending,), timeout=0.2)
        early = bool(done)
        held.set()

        with pytest.raises(asyncio.CancelledError):
            await sending
        assert not early

    async def test_is_the_last_one_when_the_sending_is_cancelled(self, bench: EventBridgeBench) -> None:
        sink = bench.batching(batch=1)
        await sink.open()
        held = asyncio.Event()
        seen = len(bench.destination.received)

        def late(received: Received) -> Answer:
            return replace(bench.bus.answer(received), hold=held)

        bench.destination.answer = late
        sending = asyncio.create_task(sink.send_batch([event(1), event(2), event(3)]))
        await bench.destination.arrivals(seen + 1)
        sending.cancel()
        await asyncio.sleep(0)
        held.set()
        with pytest.raises(asyncio.CancelledError):
            await sending

        assert [event(1)] == await bench.delivered()

    async def test_that_has_not_begun_does_not_begin_when_cancelled(self, bench: EventBridgeBench) -> None:
        sink = bench.sink(in_flight=1)
        await sink.open()
        held = asyncio.Event()
        seen = len(bench.destination.received)
        bench.destination.answer = lambda _: Answer(500, hold=held)
        first = asyncio.create_task(sink.send(event(1)))
        await bench.destination.arrivals(seen + 1)
        second = asyncio.create_task(sink.send(event(2)))
        await asyncio.sleep(0)

        second.cancel()
        with pytest.raises(asyncio.CancelledError):
            await second
        held.set()
        with pytest.raises(Retry):
            await first

        assert seen + 1 == len(bench.destination.received)


class TestEntry:
    async def test_has_the_time_of_the_event(self, bench: EventBridgeBench) -> None:
        sink = bench.sink()
        await sink.open()

        await sink.send(event())

        assert [datetime(2026, 11, 20, 9, 36, 17, tzinfo=UTC)] == [moment(entry) for entry in bench.bus.taken]

    async def test_of_the_vmware_event_router_has_its_type_inside(self, classic: EventBridgeBench) -> None:
        sink = classic.sink(mapping="event-router")
        await sink.open()

        await sink.send(event())

        [entry] = classic.bus.taken
        assert {"Source", "DetailType", "Detail", "EventBusName"} == set(entry)
        assert "com.vmware.event.router/event" == stdlib.loads(entry["Detail"])["type"]

    async def test_that_aws_calls_its_own_is_a_dead_letter(self, bench: EventBridgeBench) -> None:
        sink = bench.sink()
        await sink.open()

        with pytest.raises(Reject, match="NotAuthorizedForSourceException"):
            await sink.send(event(source="aws.ec2"))


def _heavy(number: int, length: int) -> CloudEvent:
    """An event with JSON data of so many bytes."""
    return event(number, data=f'"{"x" * (length - 2)}"'.encode())


def _weight_without_data() -> int:
    return size(to_entry(_heavy(1, 2), EventBridgeConfig(name="s"))) - 2
