from __future__ import annotations

import asyncio

import pytest

from sinks.completion import completed


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
