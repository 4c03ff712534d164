from __future__ import annotations

import asyncio
from typing import Any

import pytest

from clients.kafka.batch import Unconfirmed
from clients.kafka.errors import PublishRejected
from clients.kafka.record import Position
from schemas.cloudevents import CloudEvent, kafka
from schemas.config import RouteConfig
from schemas.errors import Unreachable
from streams.routing.active import ActiveRoutes
from streams.routing.choice import Choice
from streams.routing.router import Router
from streams.transport import Chunk, Lease, Record, Revoked
from tests.support.publisher import RecordingPublisher

EVENT = CloudEvent(id="vc1/0/7", source="https://vc1/sdk", type="t", subject="VmPoweredOffEvent", data=b'{"Key":7}')
ROUTE = RouteConfig.model_validate({"name": "power", "match": {"subject": "VmPoweredOffEvent"}, "to": ["functions"]})


def record(offset: int = 7, event: CloudEvent = EVENT, *, structured: bool = False) -> Record:
    message = kafka.to_structured(event) if structured else kafka.to_binary(event)
    return Record("reflexarc.events", 3, offset, 0, b"vc1/vm-1", message.value, message.headers)


async def route(
    publisher: RecordingPublisher, chunk: Chunk, *failures: Exception, routes: tuple[RouteConfig, ...] = (ROUTE,)
) -> None:
    """Route by these, and leave only what was routed in the publisher."""
    active = ActiveRoutes("reflexarc", publisher, instance="router-1", limit=2**20)
    await active.follow(routes)
    publisher.records.clear()
    publisher.fail(*failures)
    await Router(active, publisher).route(chunk)


async def test_a_routed_record_keeps_value_key_and_headers_and_says_why_and_whence() -> None:
    publisher = RecordingPublisher()
    await route(publisher, Chunk(Lease(asyncio.get_running_loop()), (record(),)))
    (routed,) = publisher.records
    origin = [("reflexarc_routes", b"power"), ("reflexarc_origin", b"3/7"), ("reflexarc_origin_at", b"0")]
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
    await route(publisher, Chunk(lease, (record(),)), Unconfirmed(Unreachable("no broker"), (None,)))
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
    headers = (*record().headers[:4], ("ce_subject", b"\xff"))
    odd = Record("reflexarc.events", 0, 1, 0, None, b"", headers)
    await route(publisher, Chunk(Lease(asyncio.get_running_loop()), (odd,)))
    (letter,) = publisher.records
    assert dict(letter.headers)["reflexarc_error"] == b"ce_subject: not UTF-8"


async def test_a_structured_event_is_routed_by_what_its_body_says() -> None:
    publisher = RecordingPublisher()
    await route(publisher, Chunk(Lease(asyncio.get_running_loop()), (record(structured=True),)))
    assert ["reflexarc.sink.functions"] == [routed.topic for routed in publisher.records]


def reshaping(name: str, title: str) -> RouteConfig:
    return RouteConfig.model_validate({"name": name, "transform": {"data": title}, "to": "functions"})


async def test_the_first_of_the_routes_to_a_sink_gives_the_record_its_form() -> None:
    publisher = RecordingPublisher()
    chunk = Chunk(Lease(asyncio.get_running_loop()), (record(),))
    first, second = reshaping("first", '{"key": {{ data.Key }}}'), reshaping("second", "{}")
    await route(publisher, chunk, routes=(first, second, ROUTE))
    (routed,) = publisher.records
    assert (routed.value, dict(routed.headers)["reflexarc_routes"]) == (b'{"key":7}', b"first,second,power")


async def test_what_a_transform_refuses_is_a_dead_letter_with_the_bytes_that_came() -> None:
    publisher = RecordingPublisher()
    lease = Lease(asyncio.get_running_loop())
    await route(publisher, Chunk(lease, (record(),)), routes=(reshaping("first", '{"vm": {{ data.Vm.Name }}}'),))
    (letter,) = publisher.records
    headers = dict(letter.headers)
    assert (letter.topic, letter.value, headers["reflexarc_origin"], lease.reports()) == (
        "reflexarc.dlq.router",
        b'{"Key":7}',
        b"3/7",
        [7],
    )
    assert (headers["reflexarc_error"] or b"").startswith(b"transform.data: ")


async def test_what_a_transform_makes_too_large_is_a_dead_letter_as_it_came() -> None:
    publisher = RecordingPublisher()
    event = CloudEvent(id="1", source="/s", type="t", data=b"[1e15,2]", datacontenttype="application/json")
    config = RouteConfig.model_validate(
        {"name": "r", "transform": {"data": '{"x": "%s"}' % ("y" * 8_000)}, "to": ["a", "b"]}
    )
    active = ActiveRoutes("reflexarc", publisher, instance="router-1", limit=4_000)
    await active.follow((config,))
    publisher.records.clear()
    await Router(active, publisher).route(Chunk(Lease(asyncio.get_running_loop()), (record(event=event),)))
    (letter,) = publisher.records
    reason = dict(letter.headers)["reflexarc_error"] or b""
    assert ("reflexarc.dlq.router", b"[1e15,2]") == (letter.topic, letter.value)
    assert reason == b"what the transform makes has more than the 4000 bytes of a record (for a, b)"


async def test_a_transform_is_made_once_for_all_sinks_of_its_routes() -> None:
    publisher = RecordingPublisher()
    config = RouteConfig.model_validate({"name": "r", "transform": {"data": "{}"}, "to": ["a", "b"]})
    await route(publisher, Chunk(Lease(asyncio.get_running_loop()), (record(),)), routes=(config,))
    first, second = publisher.records
    assert ("reflexarc.sink.a", "reflexarc.sink.b") == (first.topic, second.topic)
    assert first.value is second.value


async def test_what_was_not_confirmed_is_published_once_more_and_is_no_repetition(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("streams.routing.router.PAUSE_AFTER_OUTAGE", 0.0)
    publisher, lease = RecordingPublisher(), Lease(asyncio.get_running_loop())
    await route(
        publisher, Chunk(lease, (record(7), record(8))), Unconfirmed(Unreachable("late"), (Position(0, 0), None))
    )
    (again,) = publisher.records
    assert [*record(8).headers, ("reflexarc_routes", b"power")] == list(again.headers)
    assert [7, 8] == lease.reports()


async def test_headers_that_only_the_router_may_write_are_not_passed_on() -> None:
    publisher = RecordingPublisher()
    forged = record()._replace(headers=(*record().headers, ("reflexarc_origin", b"9/9"), ("reflexarc_x", b"y")))
    await route(publisher, Chunk(Lease(asyncio.get_running_loop()), (forged,)))
    (routed,) = publisher.records
    assert [b"power", b"3/7", b"0"] == [value for name, value in routed.headers if name.startswith("reflexarc_")]


class Broken:
    """An index in which something is wrong that nobody has thought of."""

    routes = ()

    def match(self, _view: object) -> object:
        raise OverflowError("date value out of range")


async def test_a_record_that_routes_cannot_be_asked_about_is_a_dead_letter() -> None:
    index: Any = Broken()
    (letter,) = Choice("reflexarc", index, limit=2**20).of(record())
    assert dict(letter.headers)["reflexarc_error"] == (
        b"routes cannot be asked: OverflowError: date value out of range"
    )


@pytest.mark.parametrize("missing", ["ce_specversion", "ce_id", "ce_source", "ce_type"])
async def test_a_record_without_a_required_attribute_is_a_dead_letter(missing: str) -> None:
    publisher = RecordingPublisher()
    headers = tuple(header for header in record().headers if header[0] != missing)
    await route(publisher, Chunk(Lease(asyncio.get_running_loop()), (record()._replace(headers=headers),)))
    (letter,) = publisher.records
    assert "reflexarc.dlq.router" == letter.topic
    assert (dict(letter.headers)["reflexarc_error"] or b"").startswith(missing.encode())


async def test_an_event_of_a_throttled_route_goes_to_its_throttle_keyed_by_group() -> None:
    publisher = RecordingPublisher()
    throttle = {"once_within": "5m", "by": ["subject", "data.Key"]}
    config = {"name": "storm", "to": ["functions", "audit"], "throttle": throttle}
    chunk = Chunk(Lease(asyncio.get_running_loop()), (record(),))
    await route(publisher, chunk, routes=(ROUTE, RouteConfig.model_validate(config)))
    plain, throttled = publisher.records
    assert ("reflexarc.sink.functions", b"vc1/vm-1", b"power") == (
        plain.topic,
        plain.key,
        dict(plain.headers)["reflexarc_routes"],
    )
    told = [
        ("reflexarc_routes", b"storm"),
        ("reflexarc_origin", b"3/7"),
        ("reflexarc_origin_at", b"0"),
        ("reflexarc_key", b"vc1/vm-1"),
    ]
    assert ("reflexarc.throttle.storm", b'[["VmPoweredOffEvent"],[7]]', b'{"Key":7}', [*record().headers, *told]) == (
        throttled.topic,
        throttled.key,
        throttled.value,
        list(throttled.headers),
    )
