"""What is done to a router, by name: each strikes while events are in its hands, and waits until things move again."""

from __future__ import annotations

import signal
import time
from typing import TYPE_CHECKING, Final

from ops.demo.scene import SESSION

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.faults.router.world import World

PAST_THE_SESSION: Final = SESSION["session.timeout.ms"] / 1000 + 1


def inject(world: World, name: str) -> float:
    """Do it to a router of chance's; the moment in seconds of the epoch at which it struck."""
    return _FAULTS[name](world, world.chance.randrange(len(world.routers)))


def _kill(world: World, which: int) -> float:
    """It is back before the group has noticed."""
    return _killed(world, which, 0.0)


def _replace(world: World, which: int) -> float:
    """The other one has taken over when it is back."""
    return _killed(world, which, PAST_THE_SESSION)


def _killed(world: World, which: int, away: float) -> float:
    world.hold(world.routers[which])
    struck = time.time()
    world.routers[which].kill()
    time.sleep(away)
    world.routers[which] = world.begin()
    world.routers[which].await_ready()
    world.await_passed()
    return struck


def _sleep(world: World, which: int) -> float:
    """The other one has routed all that this one had in hand when it wakes."""
    world.sleep(world.routers[which])
    struck = time.time()
    world.await_passed()
    world.routers[which].signal(signal.SIGCONT)
    world.routers[which].await_ready()
    world.await_passed()
    return struck


_FAULTS: Final[Mapping[str, Callable[[World, int], float]]] = {"kill": _kill, "replace": _replace, "sleep": _sleep}
