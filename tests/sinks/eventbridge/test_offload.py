from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from schemas.errors import Reject, Retry, Unavailable
from tests.sinks.bench import event

if TYPE_CHECKING:
    from schemas.cloudevents import CloudEvent
    from sinks.base import BatchSink
    from tests.sinks.eventbridge.bench import EventBridgeBench

LARGE = b'{"x": "' + b"x" * 5_000 + b'"}'
KEY = f"held/{sha256(LARGE).hexdigest()}"


def referring(number: int = 1) -> CloudEvent:
    extensions = {**event().extensions, "dataref": f"s3://large-events/{KEY}"}
    return event(number, data=None, extensions=extensions)


async def opened(bench: EventBridgeBench) -> BatchSink:
    endpoint = bench.destination.url
    offload = {"bucket": "large-events", "prefix": "held/", "endpoint": endpoint}
    sink = bench.batching(offload=offload, max_entry_bytes=3_000)
    await sink.open()
    return sink


async def test_data_that_are_too_large_lie_in_the_bucket_and_the_event_refers_to_them(bench: EventBridgeBench) -> None:
    sink = await opened(bench)

    outcomes = await sink.send_batch([event(1), event(2, data=LARGE), event(3)])

    assert [None, None, None] == list(outcomes)
    assert {f"/large-events/{KEY}": (LARGE, "application/json")} == bench.bus.objects
    assert [event(1), event(3), referring(2)] == await bench.delivered()


async def test_a_second_delivery_writes_the_same_object_again(classic: EventBridgeBench) -> None:
    sink = await opened(classic)

    await sink.send(event(data=LARGE))
    await sink.send(event(data=LARGE))

    assert 1 == len(classic.bus.objects)
    assert [referring(), referring()] == await classic.delivered()


async def test_data_of_no_declared_type_are_bytes(classic: EventBridgeBench) -> None:
    sink = await opened(classic)

    await sink.send(event(data=LARGE, datacontenttype=None))

    assert [(LARGE, "application/octet-stream")] == list(classic.bus.objects.values())


async def test_small_events_need_no_bucket(classic: EventBridgeBench) -> None:
    classic.bus.fail["PutObject"] = 403, "AccessDenied", {}
    sink = await opened(classic)

    await sink.send(event())

    assert [event()] == await classic.delivered()


@pytest.mark.parametrize("data", [None, LARGE])
async def test_attributes_that_are_too_large_by_themselves_are_a_dead_letter(
    classic: EventBridgeBench, data: bytes | None
) -> None:
    sink = await opened(classic)

    with pytest.raises(Reject, match=r"has [0-9]+ bytes, the bus takes 3000"):
        await sink.send(event(extensions={"note": "n" * 4_000}, data=data))

    assert [] == await classic.delivered()


@pytest.mark.parametrize(
    ("status", "code", "verdict"),
    [
        (403, "AccessDenied", Unavailable),
        (404, "NoSuchBucket", Unavailable),
        (301, "PermanentRedirect", Unavailable),
        (503, "SlowDown", Retry),
        (500, "InternalError", Retry),
    ],
)
async def test_what_the_bucket_refuses_is_no_fault_of_the_event(
    classic: EventBridgeBench, status: int, code: str, verdict: type[Exception]
) -> None:
    sink = await opened(classic)
    classic.bus.fail["PutObject"] = status, code, {}

    with pytest.raises((Unavailable, Retry), match="cannot keep data in s3://large-events") as caught:
        await sink.send(event(data=LARGE))

    assert verdict is type(caught.value)
    assert [] == await classic.delivered()


async def test_a_bucket_that_is_away_holds_up_only_what_needs_it(classic: EventBridgeBench) -> None:
    sink = await opened(classic)
    classic.bus.fail["PutObject"] = 404, "NoSuchBucket", {}

    outcomes = await sink.send_batch([event(1, data=LARGE), event(2)])

    assert [Retry, type(None)] == [type(outcome) for outcome in outcomes]
    assert [event(2)] == await classic.delivered()
