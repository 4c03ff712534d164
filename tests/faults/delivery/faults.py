"""What is done to a delivery, by name: each strikes while events are under way."""

from __future__ import annotations

import signal
import time
from typing import TYPE_CHECKING, Final

from ops.dev import stack as dev
from tests.support.flow import wait

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.faults.delivery.repeats import Mark
    from tests.faults.delivery.world import World

UNDER_WAY: Final = 5
IN_HAND: Final = 20
"""Events under way at a sink that has stopped: more than are when it has not, however slow the machine is."""
HANGS: Final = 1.0

Marks = dict[str, "Mark"]


def inject(world: World, name: str) -> Marks:
    """Do it, once what was sent before is settled; how far each sink was when it struck.

    With a guarantee switched off something may never be.
    """
    if world.mutant is None:
        world.await_progress()
    wait(lambda: any(world.under_way(sink) >= UNDER_WAY for sink in world.counterparts))
    return _FAULTS[name](world)


def _kill_deliver(world: World, meanwhile: Callable[[], None] = lambda: None) -> Marks:
    under_way = world.all_under_way()
    world.deliveries[0].kill()
    marks = world.marks(under_way, workers=1, forgets=True)
    meanwhile()
    world.deliveries[0] = world.begin("deliver")
    world.deliveries[0].await_ready()
    world.deliveries.reverse()
    return marks


def _kill_in_hand(world: World) -> Marks:
    """Every sink hangs when the worker dies, and goes on with what that one has left there."""
    _hang(world)
    wait(lambda: all(world.under_way(sink) >= IN_HAND for sink in world.counterparts))
    return _kill_deliver(world, lambda: _serve(world))


def _kill_router(world: World) -> Marks:
    marks = world.marks(world.all_under_way(), workers=0)
    world.router.kill()
    world.router = world.begin("router")
    world.router.await_ready()
    return marks


def _join_and_leave(world: World) -> Marks:
    marks = world.marks(world.all_under_way(), workers=None)
    third = world.begin("deliver")
    third.await_ready()
    world.await_progress()
    assert 0 == third.stop(), third.last_words()
    return marks


def _away(world: World) -> Marks:
    marks = world.marks(world.all_under_way(), workers=len(world.deliveries))
    _fall(world)
    return marks


def _slow(world: World) -> Marks:
    marks = world.marks(world.all_under_way(), workers=0)
    _hang(world)
    time.sleep(HANGS)
    _serve(world)
    return marks


def _hang_and_fall(world: World) -> Marks:
    """Whatever reaches a sink in its last second is gone with it."""
    marks = world.marks(world.all_under_way(), workers=len(world.deliveries))
    _hang(world)
    time.sleep(HANGS)
    _fall(world)
    return marks


def _freeze(world: World) -> Marks:
    """It stands still past its session: another one has taken over when it wakes, a zombie."""
    marks = world.marks(world.all_under_way(), workers=None)
    world.deliveries[0].signal(signal.SIGSTOP)
    world.await_progress()
    world.deliveries[0].signal(signal.SIGCONT)
    world.deliveries[0].await_ready()
    return marks


def _kill_broker(world: World) -> Marks:
    """It comes back with its data; what it has not confirmed is published again."""
    marks = world.marks(world.all_under_way(), workers=None)
    dev.kill(world.state, "kafka")
    dev.start(world.state, "kafka")
    return marks


def _hang(world: World) -> None:
    for counterpart in world.counterparts.values():
        counterpart.hang()


def _fall(world: World) -> None:
    for counterpart in world.counterparts.values():
        counterpart.fall()
    time.sleep(world.away)
    _serve(world)


def _serve(world: World) -> None:
    for counterpart in world.counterparts.values():
        counterpart.start()


_FAULTS: Final[Mapping[str, Callable[[World], Marks]]] = {
    "kill-deliver": _kill_deliver,
    "kill-in-hand": _kill_in_hand,
    "kill-router": _kill_router,
    "kill-broker": _kill_broker,
    "join-and-leave": _join_and_leave,
    "sink-away": _away,
    "sink-slow": _slow,
    "sink-hangs": _hang_and_fall,
    "freeze": _freeze,
}
