"""What librdkafka and its binding do rarely, done on purpose: no caller waits for ever."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any

import pytest
from confluent_kafka import KafkaError, KafkaException, Producer

from clients.kafka import publisher as module
from clients.kafka.log import LOGGER
from clients.kafka.publisher import Publisher
from clients.kafka.record import Outgoing, Position
from schemas.config import KafkaConfig
from schemas.errors import ReflexarcError, Unreachable

if TYPE_CHECKING:
    from collections.abc import Iterator

TOPIC = "topic"


class Silent(Producer):
    """Takes records, and loses them with their reports."""

    def produce(self, *_: Any, **__: Any) -> None:
        pass

    def __len__(self) -> int:
        return 0


class FatalWithReports(Silent):
    """Meets a fatal error while reports are handed out: a SystemError, and the reports are lost."""

    ended = False

    def produce(self, *_: Any, **__: Any) -> None:
        if self.ended:
            raise KafkaException(KafkaError(KafkaError._FATAL))

    def poll(self, timeout: float = -1) -> int:
        super().poll(timeout)
        self.ended = True
        error = KafkaError(KafkaError.OUT_OF_ORDER_SEQUENCE_NUMBER, "gap", fatal=True)
        raise SystemError("returned a result with an exception set") from KafkaException(error)


class Faulty(Silent):
    """Fails in a way that nobody has foreseen."""

    def poll(self, timeout: float = -1) -> int:
        super().poll(timeout)
        raise LookupError("unforeseen")


@pytest.fixture
def config() -> Iterator[KafkaConfig]:
    """Librdkafka's in-process broker."""
    broker = Producer({"bootstrap.servers": "", "test.mock.num.brokers": 1, "logger": LOGGER})
    (address,) = broker.list_topics(timeout=10).brokers.values()
    yield KafkaConfig(bootstrap=f"{address.host}:{address.port}")
    broker.close()


async def started(config: KafkaConfig) -> Publisher:
    publisher = Publisher(config, client_id="test")
    await publisher.start()
    return publisher


def no_thread_is_left() -> bool:
    return all(thread.name != "kafka-publisher" for thread in threading.enumerate())


async def test_a_fatal_error_that_swallows_reports_is_told_and_survived(
    config: KafkaConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_RENEWAL", 0.01)
    with monkeypatch.context() as patched:
        patched.setattr(module, "Producer", FatalWithReports)
        publisher = await started(config)
        async with asyncio.timeout(10):
            with pytest.raises(Unreachable, match="publish again"):
                await publisher.publish_many([Outgoing(TOPIC, b"1"), Outgoing(TOPIC, b"2")])

    where = None
    async with asyncio.timeout(10):
        while where is None:
            where = await attempt(publisher)
    await publisher.close()
    assert isinstance(where, Position)
    assert no_thread_is_left()


async def attempt(publisher: Publisher) -> Position | None:
    try:
        return await publisher.publish(TOPIC, value=b"again")
    except Unreachable:
        return None


async def test_an_unforeseen_error_is_logged_and_told_to_all_callers_now_and_later(
    config: KafkaConfig, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "Producer", Faulty)
    publisher = await started(config)
    tasks = [asyncio.create_task(publisher.publish(TOPIC, value=b"x")) for _ in range(3)]
    async with asyncio.timeout(10):
        outcomes = await asyncio.gather(*tasks, return_exceptions=True)
        with pytest.raises(ReflexarcError, match="start the process again"):
            await publisher.publish(TOPIC, value=b"later")
        await publisher.close()

    assert [ReflexarcError] * 3 == list(map(type, outcomes))
    assert "LookupError: unforeseen" in caplog.text
    assert no_thread_is_left()


async def test_closing_does_not_wait_for_reports_that_never_come(
    config: KafkaConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_REMAINS", 0.2)
    monkeypatch.setattr(module, "Producer", Silent)
    publisher = await started(config)
    task = asyncio.create_task(publisher.publish(TOPIC, value=b"x"))
    await asyncio.sleep(0)
    async with asyncio.timeout(10):
        await publisher.close(timeout=0.1)
        with pytest.raises(Unreachable, match="was closed"):
            await task
    assert no_thread_is_left()
