from __future__ import annotations

import asyncio

import pytest

from streams.transport.lease import Lease


@pytest.fixture
async def lease() -> Lease:
    return Lease(asyncio.get_running_loop())


async def test_a_cancellation_from_elsewhere_stays_one(lease: Lease) -> None:
    async def hang() -> None:
        async with lease.work():
            await asyncio.Event().wait()

    task = asyncio.create_task(hang())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert lease.wait_idle(0)


async def test_work_that_swallows_its_cancellation_still_ends(lease: Lease) -> None:
    async def stubborn() -> str:
        async with lease.work():
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                lease.done(1)
        async with asyncio.timeout(5):  # a cancellation that is left over would end this as well
            await asyncio.sleep(0)
        return "done"

    task = asyncio.create_task(stubborn())
    await asyncio.sleep(0)
    lease.close()
    lease.cancel()
    assert ("done", [1]) == (await task, lease.reports())


async def test_an_error_in_the_work_is_not_hidden(lease: Lease) -> None:
    with pytest.raises(ZeroDivisionError):
        async with lease.work():
            raise ZeroDivisionError
    assert lease.wait_idle(0)


async def test_nothing_is_idle_before_what_was_written_is_stored(lease: Lease) -> None:
    async with lease.work():
        debt = lease.owe()
        lease.done(7)
    assert (False, []) == (lease.wait_idle(0), lease.reports())
    lease.pay(debt)
    assert (True, [7]) == (lease.wait_idle(0), lease.reports())


async def test_a_state_that_does_not_fit_beside_an_offset_is_refused(lease: Lease) -> None:
    lease.remember("x" * 512)
    with pytest.raises(ValueError, match="513 bytes"):
        lease.remember("x" * 513)
    assert "x" * 512 == lease.state
