from __future__ import annotations

import asyncio

import pytest

from sinks.completion import all_of, completed


async def test_gives_what_the_work_gives() -> None:
    work: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_soon(work.set_result, 7)

    assert 7 == await completed(work)


@pytest.mark.parametrize("failure", [None, ValueError("late")])
async def test_a_cancelled_caller_waits_for_the_end_of_the_work(failure: Exception | None) -> None:
    work: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    recalled = []
    waiting = asyncio.create_task(completed(work, recall=lambda: recalled.append(1)))
    await asyncio.sleep(0)

    for _ in range(3):
        waiting.cancel()
        await asyncio.sleep(0)
    assert not waiting.done()
    if failure is None:
        work.set_result(7)
    else:
        work.set_exception(failure)

    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert [1] == recalled


async def test_works_side_by_side_give_what_each_gives_or_what_the_first_has_raised() -> None:
    async def work(number: int) -> int:
        await asyncio.sleep(0)
        return 10 // number

    assert [10, 5] == await all_of(map(work, (1, 2)))
    with pytest.raises(ZeroDivisionError):
        await all_of(map(work, (1, 0, 2)))


async def test_works_side_by_side_have_all_ended_when_their_caller_is_cancelled() -> None:
    ended: list[int] = []

    async def work(number: int) -> None:
        try:
            await asyncio.sleep(60)
        finally:
            for _ in range(number):
                await asyncio.sleep(0)
            ended.append(number)

    waiting = asyncio.create_task(all_of(map(work, (0, 3, 1))))
    for _ in range(2):  # the caller begins, and then each work
        await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting

    assert [0, 1, 3] == sorted(ended)
