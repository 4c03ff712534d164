from __future__ import annotations

import asyncio
import threading
from time import monotonic

import pytest

from streams.transport.lease import Lease, Revoked


@pytest.fixture
async def lease() -> Lease:
    return Lease(asyncio.get_running_loop())


async def test_a_closed_lease_lets_no_work_begin(lease: Lease) -> None:
    lease.close()
    with pytest.raises(Revoked):
        async with lease.work():
            pass


async def test_a_report_is_visible_to_whoever_sees_the_work_end(lease: Lease) -> None:
    seen: list[int] = []

    def reader() -> None:
        lease.close()
        assert lease.wait_idle(monotonic() + 5)
        seen.extend(lease.reports())

    async with lease.work():
        thread = threading.Thread(target=reader)
        thread.start()
        await asyncio.sleep(0.01)
        lease.done(7)
    await asyncio.to_thread(thread.join)
    assert seen == [7]


async def test_work_past_the_deadline_is_cancelled_as_revoked(lease: Lease) -> None:
    began = asyncio.Event()

    async def hang() -> None:
        async with lease.work():
            began.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(hang())
    await began.wait()
    lease.close()
    assert not await asyncio.to_thread(lease.wait_idle, monotonic())
    lease.cancel()
    with pytest.raises(Revoked):
        await task
    assert await asyncio.to_thread(lease.wait_idle, monotonic() + 5)


async def test_a_pause_ends_as_soon_as_the_lease_is_closed(lease: Lease) -> None:
    task = asyncio.create_task(lease.pause(3600))
    await asyncio.sleep(0)
    lease.close()
    with pytest.raises(Revoked):
        await task


async def test_a_pause_on_an_open_lease_just_waits(lease: Lease) -> None:
    await lease.pause(0.001)
    assert lease.open


async def test_a_time_out_of_the_work_itself_is_not_taken_for_a_revocation(lease: Lease) -> None:
    with pytest.raises(TimeoutError):
        async with lease.work():
            raise TimeoutError


async def test_a_forfeited_lease_is_idle_lets_nothing_begin_and_reports_nothing_more(lease: Lease) -> None:
    lease.done(1)
    lease.owe()
    lease.done(2)
    lease.forfeit()
    lease.done(3)
    assert (False, True, [1]) == (lease.open, lease.wait_idle(0), lease.reports())


async def test_who_waits_for_a_lease_hears_that_it_was_forfeited(lease: Lease) -> None:
    lease.owe()
    lease.close()
    waiting = asyncio.create_task(asyncio.to_thread(lease.wait_idle, monotonic() + 60))
    await asyncio.sleep(0.01)
    lease.forfeit()
    async with asyncio.timeout(5):
        assert await waiting
