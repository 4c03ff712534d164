from __future__ import annotations

import asyncio

import pytest

from streams.delivery.watchdog import Watchdog


async def test_what_ends_in_time_is_returned() -> None:
    assert 7 == await Watchdog(60).watch(asyncio.sleep(0, 7))


async def test_a_call_without_an_end_is_ended_and_its_task_goes_on() -> None:
    dog = Watchdog(0.01)
    for _ in range(2):
        with pytest.raises(TimeoutError):
            await dog.watch(asyncio.Event().wait())
    assert 7 == await dog.watch(asyncio.sleep(0, 7))


async def test_of_many_only_those_that_hang_are_ended() -> None:
    dog = Watchdog(0.05)

    async def quick() -> str:
        for _ in range(20):
            await dog.watch(asyncio.sleep(0.005))
        return "quick"

    async def hanging() -> str:
        with pytest.raises(TimeoutError):
            await dog.watch(asyncio.Event().wait())
        return "hanging"

    assert ["quick", "hanging", "quick"] == list(await asyncio.gather(quick(), hanging(), quick()))


async def test_a_cancellation_from_elsewhere_goes_on() -> None:
    dog = Watchdog(60)
    task = asyncio.ensure_future(dog.watch(asyncio.Event().wait()))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_cancellation_from_elsewhere_at_the_same_time_goes_on() -> None:
    dog = Watchdog(0.01)
    task = asyncio.ensure_future(dog.watch(asyncio.Event().wait()))
    await asyncio.sleep(0)
    asyncio.get_running_loop().call_later(0, task.cancel)
    dog._running = dict.fromkeys(dog._running, 0.0)
    dog._look()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
