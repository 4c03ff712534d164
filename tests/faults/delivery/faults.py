"""What is done to a delivery, by name: each strikes while events are under way."""

from __future__ import annotations

import signal
import time
from typing import TYPE_CHECKING, Final

from tests.support.flow import wait

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.faults.delivery.world import World

UNDER_WAY: Final = 5
AWAY: Final = 3.0


def inject(world: World, name: str) -> float:
    """Do it, once what was sent before is settled; the moment in seconds of the epoch at which it struck."""
    world.await_progress()
    wait(lambda: len(world.healthy().keys() - world.settled()) >= UNDER_WAY)
    return _FAULTS[name](world)


def _kill_deliver(world: World) -> float:
    struck = time.time()
    world.deliveries[0].kill()
    world.deliveries[0] = world.begin("deliver")
    world.deliveries[0].await_ready()
    world.deliveries.reverse()
    return struck


def _kill_router(world: World) -> float:
    struck = time.time()
    world.router.kill()
    world.router = world.begin("router")
    world.router.await_ready()
    return struck


def _join_and_leave(world: World) -> float:
    third = world.begin("deliver")
    third.await_ready()
    world.await_progress()
    struck = time.time()
    assert 0 == third.stop(), third.last_words()
    return struck


def _away(world: World) -> float:
    struck = time.time()
    world.fall()
    time.sleep(AWAY)
    world.receive()
    return struck


def _freeze(world: World) -> float:
    """It stands still past its session: another one has taken over when it wakes, a zombie."""
    struck = time.time()
    world.deliveries[0].signal(signal.SIGSTOP)
    world.await_progress()
    world.deliveries[0].signal(signal.SIGCONT)
    world.deliveries[0].await_ready()
    return struck


_FAULTS: Final[Mapping[str, Callable[[World], float]]] = {
    "kill-deliver": _kill_deliver,
    "kill-router": _kill_router,
    "join-and-leave": _join_and_leave,
    "sink-away": _away,
    "freeze": _freeze,
}
