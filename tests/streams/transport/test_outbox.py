from __future__ import annotations

import asyncio

import pytest

from clients.kafka.errors import PublishRejected
from clients.kafka.record import Outgoing
from schemas.errors import Unreachable
from streams.transport import outbox
from streams.transport.chunk import Chunk
from streams.transport.lease import Lease
from streams.transport.outbox import Outbox
from streams.transport.turns import Turns
from tests.support.publisher import RecordingPublisher


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "PAUSE_AFTER_OUTAGE", 0)


async def until_stored(lease: Lease) -> None:
    async with asyncio.timeout(5):
        while not lease.wait_idle(0):
            await asyncio.sleep(0)


async def test_records_are_stored_in_the_order_in_which_they_were_sent_and_pay_their_debts() -> None:
    publisher, lease = RecordingPublisher(), Lease(asyncio.get_running_loop())
    box = Outbox(publisher, pytest.fail)
    for number in range(5):
        box.send(Outgoing("t", b"%d" % number), lambda _: None, lease)
        lease.done(number)
    assert [] == lease.reports()
    await until_stored(lease)
    assert ([b"0", b"1", b"2", b"3", b"4"], [0, 1, 2, 3, 4]) == (
        [record.value for record in publisher.records],
        lease.reports(),
    )


async def test_what_the_broker_did_not_take_is_sent_again_before_anything_behind_it() -> None:
    publisher, lease = RecordingPublisher(Unreachable("away"), Unreachable("away")), Lease(asyncio.get_running_loop())
    box = Outbox(publisher, pytest.fail)
    for value in (b"first", b"second"):
        box.send(Outgoing("t", value), lambda _: None, lease)
        await asyncio.sleep(0)
    await until_stored(lease)
    assert [b"first", b"second"] == [record.value for record in publisher.records]


async def test_a_record_that_will_never_be_stored_ends_the_app_and_its_event_stays_unfinished() -> None:
    publisher = RecordingPublisher(rejected={"t": PublishRejected("too large")})
    lease, failures = Lease(asyncio.get_running_loop()), list[BaseException]()
    Outbox(publisher, failures.append).send(Outgoing("t", b"x"), lambda _: None, lease)
    lease.done(1)
    async with asyncio.timeout(5):
        while not failures:
            await asyncio.sleep(0)
    assert ("t refused a record: too large", []) == (str(failures[0]), lease.reports())


async def test_nothing_is_written_on_behalf_of_a_partition_that_is_somebody_elses() -> None:
    publisher, gone, here = RecordingPublisher(), *(Lease(asyncio.get_running_loop()) for _ in range(2))
    box = Outbox(publisher, pytest.fail)
    box.send(Outgoing("t", b"late"), lambda _: None, gone)
    box.send(Outgoing("t", b"fine"), lambda _: None, here)
    gone.close()
    gone.leave()
    await until_stored(here)
    await until_stored(gone)
    assert [b"fine"] == [record.value for record in publisher.records]


async def test_what_waits_in_an_outage_is_dropped_when_its_partition_leaves_and_whoever_waits_goes_on() -> None:
    publisher, gone = RecordingPublisher(Unreachable("away")), Lease(asyncio.get_running_loop())
    box, told = Outbox(publisher, pytest.fail), asyncio.get_running_loop().create_future()
    box.send(Outgoing("t", b"late"), told.set_result, gone)
    await asyncio.sleep(0)
    gone.close()
    gone.leave()
    async with asyncio.timeout(5):
        assert -1 == (await told).offset
    assert [] == publisher.records


async def test_a_callback_that_raises_ends_the_app_and_its_debt_is_paid() -> None:
    publisher, lease, failures = RecordingPublisher(), Lease(asyncio.get_running_loop()), list[BaseException]()

    def raising(_: object) -> None:
        raise ZeroDivisionError

    Outbox(publisher, failures.append).send(Outgoing("t", b"x"), raising, lease)
    await until_stored(lease)
    await asyncio.sleep(0)
    assert [ZeroDivisionError] == [type(failure) for failure in failures]


async def test_without_an_event_of_its_own_a_sender_owes_on_all_that_is_worked_on() -> None:
    busy, idle = Lease(asyncio.get_running_loop()), Lease(asyncio.get_running_loop())
    busy.begin()
    Outbox(RecordingPublisher(), pytest.fail, (busy, idle)).send(Outgoing("t", b"x"), lambda _: None)
    busy.done(1)
    idle.done(2)
    assert ([], [2]) == (busy.reports(), idle.reports())


async def test_the_handler_of_a_chunk_owes_on_its_lease_however_long_it_takes() -> None:
    lease = Lease(asyncio.get_running_loop())
    box = Outbox(RecordingPublisher(), pytest.fail)

    async def handle(_: Chunk) -> None:
        await asyncio.sleep(0)
        box.send(Outgoing("t", b"x"), lambda _: None)
        lease.done(1)
        assert [] == lease.reports()

    Turns("x", handle, pytest.fail).add(Chunk(lease, (1,)))
    await asyncio.sleep(0.01)
    await until_stored(lease)
    assert [1] == lease.reports()


async def test_a_flush_waits_until_everything_is_stored() -> None:
    publisher = RecordingPublisher(Unreachable("away"))
    box = Outbox(publisher, pytest.fail)
    box.send(Outgoing("t", b"x"), lambda _: None)
    await box.flush()
    assert 1 == len(publisher.records)
