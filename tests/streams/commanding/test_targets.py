"""Where machines are looked for: real simulators, and one vCenter that never answers."""

from __future__ import annotations

import asyncio
import socket
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from schemas.errors import Unreachable
from sinks.vsphere.aim import ByName
from streams.commanding.targets import WORKERS, Targets
from tests.support.vcenter import vcenter

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from clients.vsphere.session import Session
    from schemas.config import VcenterConfig
    from streams.commanding.targets import Reach

pytestmark = pytest.mark.stack

TWICE = "DC0_C0_RP0_VM0"
"""In both simulators."""


@asynccontextmanager
async def looking(vcenters: dict[str, VcenterConfig], *names: str, **others: VcenterConfig) -> AsyncIterator[Targets]:
    targets = Targets({**{name: vcenters[name] for name in names}, **others})
    try:
        yield targets
    finally:
        await targets.close()


def name(session: Session) -> str:
    """A question."""
    return session.name


async def test_a_vcenter_that_is_silent_holds_up_nobody_who_asks_for_another(
    vcenters: dict[str, VcenterConfig],
) -> None:
    silent = socket.create_server(("127.0.0.1", 0), backlog=64)
    away = vcenter("vc9", url=f"https://127.0.0.1:{silent.getsockname()[1]}/sdk")
    async with looking(vcenters, "vc1", vc9=away) as targets:
        waiting = [asyncio.create_task(targets.ask(name, "vc9")) for _ in range(8 * WORKERS)]
        await asyncio.sleep(0)
        assert "vc1" == await targets.ask(name, "vc1")
        assert [] == [each for each in waiting if each.done()]
        silent.close()
        ended = await asyncio.gather(*waiting, return_exceptions=True)
    assert [True] * len(waiting) == [isinstance(each, Unreachable) for each in ended]


@pytest.mark.parametrize(
    ("reach", "told"),
    [
        ({"vc1": "any", "vc2": "any"}, True),
        ({"vc1": "any", "vc2": "own"}, False),
        ({"vc1": "own", "vc2": "own"}, False),
    ],
)
async def test_machines_of_others_are_counted_and_not_named_to_who_may_not_see_them(
    vcenters: dict[str, VcenterConfig], reach: Reach, *, told: bool
) -> None:
    async with looking(vcenters, "vc1", "vc2") as targets:
        found = await targets.find(ByName(TWICE.lower()), reach)
    assert found.entity is None
    assert found.reason.startswith(f"2 virtual machines are called {TWICE.lower()!r}")
    assert told == (f"{TWICE} (vc1/" in found.reason)


async def test_the_machine_of_that_name_is_found_where_it_is_said_to_be(vcenters: dict[str, VcenterConfig]) -> None:
    async with looking(vcenters, "vc1", "vc2") as targets:
        found = await targets.find(ByName(TWICE.lower(), "vc2"), {"vc1": "any", "vc2": "any"})
        nowhere = await targets.find(ByName("nobody"), {"vc1": "any", "vc2": "any"})
    assert found.entity is not None
    assert (TWICE, "vc2") == (found.entity.name, found.entity.vcenter)
    assert "no virtual machine is called 'nobody' in vc1, vc2" == nowhere.reason


async def test_one_that_is_away_may_hold_another_of_that_name(vcenters: dict[str, VcenterConfig]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        gone = vcenter("vc9", url=f"https://127.0.0.1:{server.getsockname()[1]}/sdk")
    async with looking(vcenters, "vc1", vc9=gone) as targets:
        found = await targets.find(ByName(TWICE), {"vc1": "any", "vc9": "any"})
    assert found.entity is None
    assert found.reason.startswith("a vCenter in scope cannot be asked: vCenter vc9 cannot be reached")
