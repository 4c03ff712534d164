from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import pytest

from schemas.config.remediation import ConcurrencyConfig
from streams.remediation.executing.turns import Turns
from tests.streams.guard.asking import entity, request

if TYPE_CHECKING:
    from schemas.remediation.request import Request


def asked(number: int, action: str = "power-on", vcenter: str = "vc1") -> Request:
    return request(action=action, entity=entity(number, vcenter=vcenter))


async def admitted(turns: Turns, *requests: Request) -> list[bool]:
    """Which of them get their turn while those before them have theirs."""
    async with AsyncExitStack() as held:
        found = []
        for each in requests:
            try:
                await asyncio.wait_for(held.enter_async_context(turns.turn(each)), 0.05)
                found.append(True)
            except TimeoutError:
                found.append(False)
        return found


@pytest.mark.parametrize(
    ("requests", "expected"),
    [
        ([asked(1), asked(1)], [True, False]),
        ([asked(1), asked(1, vcenter="vc2")], [True, True]),
        ([asked(1), asked(2), asked(3)], [True, True, False]),
        ([asked(1), asked(2), asked(3, vcenter="vc2")], [True, True, True]),
        ([asked(1), asked(2), asked(3, "disconnect-vnic")], [True, True, True]),
        ([asked(number, "disconnect-vnic") for number in range(3)], [True, True, False]),
        ([asked(1), asked(1, "disconnect-vnic")], [True, False]),
        ([asked(1, "migrate"), asked(2, "storage-move")], [True, False]),
        ([asked(1, "migrate"), asked(2)], [True, True]),
    ],
    ids=[
        "entity",
        "same id elsewhere",
        "vCenter",
        "vCenters",
        "urgent",
        "urgent ones",
        "urgent, same entity",
        "moves",
        "beside a move",
    ],
)
async def test_so_much_goes_on_at_once(requests: list[Request], expected: list[bool]) -> None:
    turns = Turns(ConcurrencyConfig(vcenter=2, relocate=1))
    assert expected == await admitted(turns, *requests)
    assert [True] == await admitted(turns, requests[0])


async def test_turns_of_an_entity_come_in_the_order_of_asking() -> None:
    turns, order = Turns(ConcurrencyConfig()), []

    async def act(number: int) -> None:
        async with turns.turn(asked(1)):
            order.append(number)
            await asyncio.sleep(0)

    await asyncio.gather(*(act(number) for number in range(20)))
    assert [*range(20)] == order
