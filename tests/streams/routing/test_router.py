from __future__ import annotations

import asyncio

import pytest

from clients.kafka.errors import PublishRejected
from schemas.cloudevents import CloudEvent, kafka
from schemas.config import RouteConfig
from schemas.errors import Unreachable
from streams.routing.router import Router
from streams.transport import Chunk, Lease, Record, Revoked
from tests.support.publisher import RecordingPublisher

EVENT = CloudEvent(id="vc1/0/7", source="https://vc1/sdk", type="t", subject="VmPoweredOffEvent", data=b'{"Key":7}')
ROUTE = RouteConfig.model_validate({"name": "power", "match": {"subject": "VmPoweredOffEvent"}, "to": ["functions"]})


def record(offset: int = 7, event: CloudEvent = EVENT, *, structured: bool = False) -> Record:
    message = kafka.to_structured(event) if structured else kafka.to_binary(event)
    return Record("reflexarc.events", 3, offset, 0, b"vc1/vm-1", message.value, message.headers)


async def route(publisher: RecordingPublisher, chunk: Chunk, *failures: Exception) -> None:
    """Route by one route, and leave only what was routed in the publisher."""
    router = Router("reflexarc", publisher, instance="router-1")
    await router.follow((ROUTE,))
    publisher.records.clear()
    publisher.fail(*failures)
    await router.route(chunk)


async def test_a_routed_record_keeps_value_key_and_headers_and_says_why_and_whence() -> None:
    publisher = RecordingPublisher()
    await route(publisher, Chunk(Lease(asyncio.get_running_loop()), (record(),)))
    (routed,) = publisher.records
    origin = [("reflexarc_routes", b"power"), ("reflexarc_origin", b"3/7")]
    assert (routed.topic, routed.value, routed.key, list(routed.headers)) == (
        "reflexarc.sink.functions",
        b'{"Key":7}',
        b"vc1/vm-1",
        [*record().headers, *origin],
    )


async def test_a_chunk_is_done_when_the_broker_has_all_of_it() -> None:
    lease = Lease(asyncio.get_running_loop())
    await route(RecordingPublisher(), Chunk(lease, (record(7), record(9))))
    assert lease.reports() == [7, 9]


async def test_a_broker_that_is_away_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streams.routing.router.PAUSE_AFTER_OUTAGE", 0.0)
    publisher, lease = RecordingPublisher(), Lease(asyncio.get_running_loop())
    await route(publisher, Chunk(lease, (record(),)), Unreachable("no broker"))
    assert (len(publisher.records), lease.reports()) == (1, [7])


async def test_a_revoked_chunk_reports_nothing() -> None:
    publisher, lease = RecordingPublisher(), Lease(asyncio.get_running_loop())
    lease.close()
    with pytest.raises(Revoked):
        await route(publisher, Chunk(lease, (record(),)))
    assert (publisher.records, lease.reports()) == ([], [])


async def test_bytes_that_are_no_event_go_to_the_routers_dead_letters_unchanged() -> None:
    publisher = RecordingPublisher()
    garbage = Record("reflexarc.events", 0, 1, 0, None, b"\xff\x00", (("x", None),))
    await route(publisher, Chunk(Lease(asyncio.get_running_loop()), (garbage,)))
    (letter,) = publisher.records
    headers = dict(letter.headers)
    assert (letter.topic, letter.value, headers["x"], headers["reflexarc_origin"]) == (
        "reflexarc.dlq.router",
        b"\xff\x00",
        None,
        b"reflexarc.events/0/1",
    )


async def test_a_record_that_the_sink_topic_refuses_goes_to_the_dead_letters() -> None:
    publisher = RecordingPublisher(rejected={"reflexarc.sink.functions": PublishRejected("too large")})
    lease = Lease(asyncio.get_running_loop())
    await route(publisher, Chunk(lease, (record(),)))
    assert ([r.topic for r in publisher.records], lease.reports()) == (["reflexarc.dlq.router"], [7])


async def test_a_subject_that_is_not_utf_8_makes_a_dead_letter_that_names_it() -> None:
    publisher = RecordingPublisher()
    headers = (("ce_specversion", b"1.0"), ("ce_subject", b"\xff"))
    record = Record("reflexarc.events", 0, 1, 0, None, b"", headers)
    await route(publisher, Chunk(Lease(asyncio.get_running_loop()), (record,)))
    (letter,) = publisher.records
    assert dict(letter.headers)["reflexarc_error"] == b"ce_subject: not UTF-8"


async def test_a_structured_event_is_routed_by_what_its_body_says() -> None:
    publisher = RecordingPublisher()
    await route(publisher, Chunk(Lease(asyncio.get_running_loop()), (record(structured=True),)))
    assert ["reflexarc.sink.functions"] == [routed.topic for routed in publisher.records]


async def test_an_event_of_a_throttled_route_goes_to_its_throttle_keyed_by_group() -> None:
    publisher = RecordingPublisher()
    throttle = {"once_within": "5m", "by": ["subject", "data.Key"]}
    config = {"name": "storm", "to": ["functions", "audit"], "throttle": throttle}
    router = Router("reflexarc", publisher, instance="router-1")
    await router.follow((ROUTE, RouteConfig.model_validate(config)))
    publisher.records.clear()
    await router.route(Chunk(Lease(asyncio.get_running_loop()), (record(),)))
    plain, throttled = publisher.records
    assert ("reflexarc.sink.functions", b"vc1/vm-1", b"power") == (
        plain.topic,
        plain.key,
        dict(plain.headers)["reflexarc_routes"],
    )
    told = [("reflexarc_routes", b"storm"), ("reflexarc_origin", b"3/7"), ("reflexarc_key", b"vc1/vm-1")]
    assert ("reflexarc.throttle.storm", b'[["VmPoweredOffEvent"],[7]]', b'{"Key":7}', [*record().headers, *told]) == (
        throttled.topic,
        throttled.key,
        throttled.value,
        list(throttled.headers),
    )
