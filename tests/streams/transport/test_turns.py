from __future__ import annotations

import asyncio
from typing import Any

import pytest

from schemas.errors import ReflexarcError
from streams.transport import Chunk, Lease, Revoked
from streams.transport.turns import Turns


class Handler:
    """Notes what it gets and waits until it is let go on."""

    def __init__(self) -> None:
        self.seen: list[tuple[Lease, tuple[Any, ...]]] = []
        self.gate = asyncio.Event()
        self.error: Exception | None = None

    async def __call__(self, chunk: Chunk) -> None:
        self.seen.append((chunk.lease, chunk.records))
        await self.gate.wait()
        if self.error is not None:
            raise self.error


def lease() -> Lease:
    return Lease(asyncio.get_running_loop())


async def rounds() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_partitions_are_side_by_side_and_what_waits_of_one_goes_together() -> None:
    handler, one, other = Handler(), lease(), lease()
    turns = Turns("x", handler, pytest.fail)
    for records in ((1,), (2,), (3, 4)):
        turns.add(Chunk(one, records))
    turns.add(Chunk(other, (9,)))
    await rounds()
    turns.add(Chunk(one, (5,)))
    handler.gate.set()
    await rounds()
    assert [(one, (1, 2, 3, 4)), (other, (9,)), (one, (5,))] == handler.seen


async def test_a_revoked_chunk_takes_what_waits_behind_it_along() -> None:
    handler, one = Handler(), lease()
    turns = Turns("x", handler, pytest.fail)
    turns.add(Chunk(one, (1,)))
    await rounds()
    turns.add(Chunk(one, (2,)))
    handler.error = Revoked()
    handler.gate.set()
    await rounds()
    assert [(one, (1,))] == handler.seen


async def test_any_other_error_is_told() -> None:
    handler, failures = Handler(), list[BaseException]()
    turns = Turns("x", handler, failures.append)
    turns.add(Chunk(lease(), (1,)))
    handler.error = ReflexarcError("broken")
    handler.gate.set()
    await rounds()
    assert ["broken"] == [str(failure) for failure in failures]


async def test_a_cancellation_from_within_is_told_and_one_by_stopping_is_not() -> None:
    failures: list[BaseException] = []

    async def cancelled(_: Chunk) -> None:
        raise asyncio.CancelledError

    turns = Turns("x", cancelled, failures.append)
    turns.add(Chunk(lease(), (1,)))
    await rounds()
    stopped = Turns("y", Handler(), failures.append)
    stopped.add(Chunk(lease(), (1,)))
    await rounds()
    await stopped.stop()
    assert ["x was cancelled from within"] == [str(failure) for failure in failures]
