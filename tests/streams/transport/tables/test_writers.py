from __future__ import annotations

import asyncio
import threading
from time import sleep
from typing import TYPE_CHECKING, Any

import pytest

from clients.kafka import options
from clients.kafka.errors import Fenced, PublishRejected
from clients.kafka.record import Outgoing, Position
from clients.kafka.transactions import Transactions
from schemas.config import KafkaConfig
from schemas.errors import ReflexarcError, Refused, Unreachable
from streams.transport.lease import Lease
from streams.transport.sent import CHUNK_LEASE
from streams.transport.tables.writers import Writers

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class Log:
    """The changelog, written under names; who opened a name last has it."""

    def __init__(self, failure: ReflexarcError | None = None) -> None:
        self.values: list[bytes | None] = []
        self.owners: dict[str, Owner] = {}
        self.failure = failure

    def begin(self, *, transactional_id: str, given_up: Callable[[], bool]) -> Owner:  # noqa: ARG002 - it never waits
        return Owner(self, transactional_id)

    def away(self, *, transactional_id: str, given_up: Callable[[], bool]) -> Owner:
        return Waiting(self, transactional_id, given_up)


class Owner:
    def __init__(self, log: Log, name: str) -> None:
        self._log = log
        self._name = name

    def open(self) -> None:
        self._log.owners[self._name] = self

    def write(self, records: Sequence[Outgoing]) -> list[Position]:
        if self._log.failure is not None:
            raise self._log.failure
        if self._log.owners[self._name] is not self:
            raise Fenced("taken over")
        self._log.values += [record.value for record in records]
        return [Position(record.partition, 0) for record in records]

    def close(self) -> None:
        pass


class Waiting(Owner):
    """Nobody answers it."""

    def __init__(self, log: Log, name: str, given_up: Callable[[], bool]) -> None:
        super().__init__(log, name)
        self._given_up = given_up

    def open(self) -> None:
        while not self._given_up():
            sleep(0.005)
        raise Unreachable("nobody answers")


@pytest.fixture
async def lease() -> Lease:
    return Lease(asyncio.get_running_loop())


def never() -> bool:
    return False


def send(writers: Writers, lease: Lease, value: bytes, partition: int = 0) -> None:
    CHUNK_LEASE.set(lease)
    writers.send(Outgoing("changelog", value, b"key", partition=partition), lambda _: None)


async def idle(lease: Lease) -> None:
    async with asyncio.timeout(5):
        while not lease.wait_idle(0):
            await asyncio.sleep(0.005)


async def test_changes_are_stored_in_their_order_and_pay_their_debts(lease: Lease) -> None:
    log = Log()
    writers = Writers("group", log.begin, pytest.fail, ())
    await writers.move_to([0], outdated=never)
    for number in range(5):
        send(writers, lease, b"%d" % number)
        lease.done(number)
    assert [] == lease.reports()
    await idle(lease)
    assert ([b"0", b"1", b"2", b"3", b"4"], [0, 1, 2, 3, 4]) == (log.values, lease.reports())


async def test_what_a_fenced_writer_had_taken_is_never_reported(lease: Lease) -> None:
    log = Log()
    writers, successor = (Writers("group", log.begin, pytest.fail, ()) for _ in range(2))
    await writers.move_to([0], outdated=never)
    send(writers, lease, b"late")
    lease.done(1)
    await successor.move_to([0], outdated=never)
    await idle(lease)
    send(writers, lease, b"later")
    lease.done(2)
    assert ([], [], False) == (log.values, lease.reports(), lease.open)


async def test_a_change_of_a_partition_that_is_not_here_is_dropped(lease: Lease) -> None:
    writers = Writers("group", Log().begin, pytest.fail, ())
    await writers.move_to([0], outdated=never)
    send(writers, lease, b"x", partition=1)
    lease.done(1)
    assert (True, []) == (lease.wait_idle(0), lease.reports())


@pytest.mark.parametrize("failure", [PublishRejected("too large"), Refused("no permission")])
async def test_a_change_that_will_never_be_stored_ends_the_app(lease: Lease, failure: ReflexarcError) -> None:
    failures: list[BaseException] = []
    writers = Writers("group", Log(failure).begin, failures.append, ())
    await writers.move_to([0], outdated=never)
    send(writers, lease, b"x")
    lease.done(1)
    await idle(lease)
    assert ([failure.message in str(each) for each in failures], lease.reports()) == ([True], [])


async def test_nothing_is_written_on_behalf_of_a_partition_that_is_somebody_elses(lease: Lease) -> None:
    log = Log()
    writers = Writers("group", log.begin, pytest.fail, ())
    await writers.move_to([0], outdated=never)
    send(writers, lease, b"late")
    lease.close()
    lease.leave()
    await idle(lease)
    assert [] == log.values


async def test_a_flush_waits_until_everything_is_stored(lease: Lease) -> None:
    log = Log()
    writers = Writers("group", log.begin, pytest.fail, ())
    await writers.move_to([0, 1], outdated=never)
    send(writers, lease, b"x")
    send(writers, lease, b"y", partition=1)
    await writers.flush()
    assert ({b"x", b"y"}, True) == (set(log.values), lease.wait_idle(0))


async def test_writers_that_wait_for_a_broker_leave_the_threads_to_others_and_end_when_they_are_closed() -> None:
    writers = Writers("group", Log().away, pytest.fail, ())
    many = range(64)  # more than there are threads for everybody
    moving = asyncio.create_task(writers.move_to(many, outdated=never))
    await asyncio.sleep(0.05)
    try:
        async with asyncio.timeout(5):
            assert await asyncio.to_thread(bool, 1)
    finally:
        await writers.close()
    with pytest.raises(Unreachable):
        await moving


async def test_partitions_that_are_to_be_somebody_elses_are_not_taken_from_it() -> None:
    log = Log()
    with pytest.raises(Unreachable):
        await Writers("group", log.begin, pytest.fail, ()).move_to([0], outdated=lambda: True)
    assert {} == log.owners


async def test_who_waits_for_a_broker_gives_up_when_the_partitions_are_to_be_somebody_elses() -> None:
    outdated = threading.Event()
    writers = Writers("group", Log().away, pytest.fail, ())
    moving = asyncio.create_task(writers.move_to([0], outdated=outdated.is_set))
    await asyncio.sleep(0.05)
    outdated.set()
    with pytest.raises(Unreachable):
        await moving
    await writers.close()


def test_a_transaction_that_cannot_be_delivered_is_undone_by_us_before_kafka_does_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given: dict[str, Any] = {}
    monkeypatch.setattr(options, "construct", lambda _, wanted: given.update(wanted))
    Transactions(KafkaConfig(bootstrap="nowhere:1"), client_id="x", transactional_id="x", given_up=never)
    assert given["delivery.timeout.ms"] < given["transaction.timeout.ms"]
