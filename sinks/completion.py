"""Waiting for work that cannot be called back, such as a call in a thread or a record that was handed over."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


async def completed(work: asyncio.Future[T], *, recall: Callable[[], object] = lambda: None) -> T:
    """What ``work`` gives or raises; a caller that is cancelled waits for its end all the same.

    Args:
        work: it is not cancelled.
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
