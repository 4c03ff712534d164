"""What the reader's thread makes of the end of a membership."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from clients.kafka.errors import Fenced
from schemas.errors import ReflexarcError, Unreachable
from streams.transport import reader
from streams.transport.drain import Hangs
from streams.transport.member import Forfeited
from streams.transport.reader import Reader
from tests.streams.transport import members

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest


class Ending:
    """A member that ends with one error, and leaves with another."""

    def __init__(self, served: ReflexarcError | None, left: ReflexarcError | None = None) -> None:
        self._served = served
        self._left = left

    def serve(self) -> None:
        if self._served is not None:
            raise self._served

    def leave(self) -> None:
        if self._left is not None:
            raise self._left


async def outcome(*lives: Ending) -> tuple[BaseException | None, int]:
    """What the process is told in the end, and how many memberships have not begun then."""
    told, rest = members.Member(), list(lives)

    def join(*, stopping: Callable[[], bool]) -> Any:
        return rest.pop(0)

    thread = Reader(join, loop=asyncio.get_running_loop(), listener=told)
    thread.start()
    await asyncio.to_thread(thread.join)
    await asyncio.sleep(0)
    return told.failure, len(rest)


async def test_who_is_fenced_joins_again_whatever_the_broker_says_to_its_leaving() -> None:
    end = Unreachable("no broker")
    assert (end, 0) == await outcome(Ending(Fenced("first"), Fenced("left long ago")), Ending(end))


async def test_who_is_fenced_twice_ends() -> None:
    second = Fenced("second")
    assert (second, 1) == await outcome(Ending(Fenced("first")), Ending(second), Ending(None))


async def test_who_has_forfeited_its_tables_joins_again_more_often() -> None:
    forfeited = [Forfeited(str(number)) for number in range(5)]
    lives = [Ending(error) for error in (Fenced("once"), *forfeited)]
    assert (forfeited[-1], 1) == await outcome(*lives, Ending(None))


async def test_who_was_fenced_long_ago_joins_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "WITHIN", 0.0)
    end = Unreachable("no broker")
    assert (end, 0) == await outcome(Ending(Fenced("first")), Ending(Fenced("second")), Ending(end))


async def test_who_is_fenced_while_work_hangs_does_not_join_again() -> None:
    hangs = Hangs("work does not end")
    assert (hangs, 1) == await outcome(Ending(Fenced("first"), hangs), Ending(None))
