from __future__ import annotations

import asyncio
from typing import Any

import pytest

from schemas.config import ThrottleConfig
from streams.throttling import share as module
from streams.throttling.remembered import Remembered
from streams.throttling.share import Share
from streams.throttling.throttle import throttle
from streams.transport import Lease, Record
from streams.transport.held import FULL_SPAN, RESUME_SPAN
from streams.transport.tick import TICK

WINDOW = 10_000


def record(offset: int, time: int = 0, key: bytes = b"a") -> Record:
    return Record("t", 0, offset, time, key, b"{}", ())


def tick(offset: int, time: int) -> Record:
    return Record("t", 0, offset, time, None, None, ((TICK, b""),))


def share(**given: Any) -> Share:
    marks = Remembered()
    config = ThrottleConfig.model_validate(given or {"once_after": "10s"})
    return Share(Lease(asyncio.get_running_loop()), 0, throttle(config, marks), marks, WINDOW)


async def test_a_tick_ends_what_is_over_and_is_done_itself() -> None:
    ours = share()
    held = ours.take([record(0), record(1)])
    assert [()] * 2 == [step.done for step in held]
    assert [(0, 1), (2,)] == [step.done for step in ours.take([tick(2, WINDOW)])]


async def test_the_time_is_told_when_something_ends_and_not_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    ours = share()
    ours.take([record(0)])
    assert [False, True] == [ours.overdue(now) for now in (WINDOW - 1, WINDOW)]
    ours.ticked()
    assert not ours.overdue(WINDOW)
    monkeypatch.setattr(module, "AGAIN", 0.0)
    assert ours.overdue(WINDOW)


async def test_a_tick_that_came_too_early_by_the_brokers_clock_is_followed_by_another() -> None:
    ours = share()
    ours.take([record(0)])
    ours.ticked()
    ours.take([tick(1, WINDOW - 1)])
    assert ours.overdue(WINDOW)


@pytest.mark.parametrize("given", [{"once_after": "10s"}, {"accumulate": {"count": 1000, "within": "10s"}}], ids=str)
async def test_so_much_is_let_go_that_the_transport_reads_on(given: dict[str, Any]) -> None:
    ours = share(**given)
    records = [record(number, key=b"%d" % (number // 100)) for number in range(FULL_SPAN)]
    done = {offset for step in ours.take(records) for offset in step.done}
    first = next(number for number in range(FULL_SPAN) if number not in done)
    assert FULL_SPAN - first <= RESUME_SPAN
    assert not ours.crowded


async def test_what_fits_is_held_back_whole() -> None:
    steps = share().take([record(number) for number in range(1000)])
    assert {()} == {step.done for step in steps}


async def test_a_crowded_partition_of_which_nothing_is_heard_is_asked_whether_it_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ours = share()
    ours.take([record(number, key=b"%d" % number) for number in range(RESUME_SPAN)])
    quiet = ours.overdue(0)
    monkeypatch.setattr(module, "PROBE", 0.0)
    assert (False, True) == (quiet, ours.overdue(0))
    ours.ticked()
    monkeypatch.setattr(module, "AGAIN", 0.0)
    assert ours.silent
    assert {1} == {step.stands_for for step in ours.relieve()}
    assert not ours.crowded
