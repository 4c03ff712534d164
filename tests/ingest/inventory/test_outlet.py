from __future__ import annotations

import asyncio
import threading

import pytest

from clients.kafka.errors import PublishRejected
from clients.kafka.record import Outgoing
from ingest.inventory import outlet as module
from ingest.inventory.outlet import Outlet, OutletClosedError
from schemas.errors import ReflexarcError, Unreachable
from tests.support.publisher import RecordingPublisher

RECORD = Outgoing("inventory", b"{}", b"vc1/vm-1")


def outlet(publisher: RecordingPublisher, stop: threading.Event | None = None) -> Outlet:
    return Outlet(publisher, asyncio.get_running_loop(), stop or threading.Event())


async def test_records_of_a_thread_are_written_by_the_loop() -> None:
    publisher = RecordingPublisher()
    await asyncio.to_thread(outlet(publisher).write, [RECORD])
    assert [RECORD] == publisher.records


async def test_while_kafka_is_away_it_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAUSE", 0.01)
    publisher = RecordingPublisher(Unreachable("nobody answers"), Unreachable("nobody answers"))
    await asyncio.to_thread(outlet(publisher).write, [RECORD])
    assert [RECORD] == publisher.records


async def test_who_waits_for_kafka_can_be_asked_to_stop() -> None:
    stop = threading.Event()
    stop.set()
    with pytest.raises(OutletClosedError):
        await asyncio.to_thread(outlet(RecordingPublisher(Unreachable("nobody answers")), stop).write, [RECORD])


async def test_a_publisher_that_has_failed_ends_the_writing_for_good() -> None:
    failure = ReflexarcError("the publisher has failed")
    broken = outlet(RecordingPublisher(failure))
    with pytest.raises(OutletClosedError):
        await asyncio.to_thread(broken.write, [RECORD])
    assert failure is broken.failure


async def test_a_record_that_is_never_accepted_is_an_error_of_its_own() -> None:
    rejection = PublishRejected("too large")
    with pytest.raises(PublishRejected):
        await asyncio.to_thread(outlet(RecordingPublisher(rejected={"inventory": rejection})).write, [RECORD])
