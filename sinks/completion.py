"""Waiting for the end of work, whatever becomes of the one who waits."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable

T = TypeVar("T")


async def all_of(works: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """What each of ``works`` returns, in their order, done side by side.

    Returns, raises and is cancelled no sooner than the last of them has ended; raises what the first of them has.
    """
    tasks = [asyncio.ensure_future(work) for work in works]
    await asyncio.gather(*tasks, return_exceptions=True)
    return [task.result() for task in tasks]


async def completed(work: asyncio.Future[T], *, recall: Callable[[], object] = lambda: None) -> T:
    """What ``work`` gives or raises; a caller that is cancelled waits for its end all the same.

    Args:
        work: it cannot be called back, such as a call in a thread, and is not cancelled.
        recall: called when the caller is cancelled, to have the work end soon.
    """
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        recall()
        while not work.done():
            with suppress(asyncio.CancelledError):
                await asyncio.wait((work,))
        if not work.cancelled():
            work.exception()  # nobody will ask any more
        raise
