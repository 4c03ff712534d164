"""Agents that end loudly: Faust would start an agent again behind the event in which it was cancelled."""

from __future__ import annotations

import asyncio
import inspect
from functools import wraps
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable


def loud(function: Callable[[Any], Any], cancelled: Callable[[], None]) -> Callable[[Any], Any]:
    """The agent's function, a coroutine or an asynchronous generator; ``cancelled`` is told when it is."""
    if inspect.isasyncgenfunction(function):

        @wraps(function)
        async def generating(stream: Any) -> AsyncIterator[Any]:
            try:
                async for value in function(stream):
                    yield value
            except asyncio.CancelledError:
                cancelled()
                raise

        return generating

    @wraps(function)
    async def awaiting(stream: Any) -> None:
        try:
            await function(stream)
        except asyncio.CancelledError:
            cancelled()
            raise

    return awaiting
