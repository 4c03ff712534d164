"""What is done to ingest and its surroundings, by name: each waits for its moment, and until things move again."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.faults.ingest.world import World

LATE: Final = 25
LATER: Final = 0.8
OVERSIZE: Final = 3_000_000
SILENCE: Final = 4.0
PROXY: Final = "<html><body>Please sign in</body></html>"


def inject(world: World, name: str) -> float:
    """Do it; the moment in seconds of the epoch at which it struck."""
    fault, _, argument = name.partition(" ")
    return _FAULTS[fault](world, *map(float, argument.split()))


def _terminate(world: World) -> float:
    struck = _told(world, "terminate")
    world.await_next()
    return struck


def _restart(world: World) -> float:
    struck = _told(world, "restart", key=1)
    world.await_next()
    return struck


def _kill(world: World) -> float:
    world.halt()
    struck = time.time()
    world.kill()
    world.start()
    world.await_next()
    return struck


def _abort(world: World) -> float:
    struck = time.time()
    world.undo()
    world.await_next()
    return struck


def _outlast(world: World) -> float:
    world.halt()
    struck = time.time()
    world.await_undone()
    world.wake()
    world.await_next()
    return struck


def _late(world: World) -> float:
    struck = _told(world, "withhold", events=LATE, seconds=LATER)
    time.sleep(2 * LATER)
    world.await_next()
    return struck


def _oversize(world: World) -> float:
    struck = _told(world, "oversize", size=OVERSIZE)
    world.await_next()
    return struck


def _undecodable(world: World) -> float:
    struck = _told(world, "undecodable")
    world.await_next()
    return struck


def _hang(world: World) -> float:
    struck = _told(world, "hang", seconds=SILENCE)
    world.await_next(*world.vcenters[1:])
    assert time.time() < struck + SILENCE, "the others stood still, too"
    world.await_next()
    return struck


def _proxy(world: World) -> float:
    struck = _told(world, "stand-in", status=200, body=PROXY, seconds=SILENCE / 2)
    world.await_next()
    return struck


def _unavailable(world: World) -> float:
    struck = _told(world, "stand-in", status=503, body="", seconds=SILENCE / 2)
    world.await_next()
    return struck


def _pause_broker(world: World, seconds: float) -> float:
    struck = time.time()
    world.pause_broker(seconds)
    world.await_next()
    return struck


def _kill_broker(world: World) -> float:
    struck = time.time()
    world.kill_broker()
    world.await_next()
    return struck


def _told(world: World, verb: str, **arguments: object) -> float:
    struck = time.time()
    world.tell(verb, **arguments)
    return struck


_FAULTS: Final[Mapping[str, Callable[..., float]]] = {
    "terminate": _terminate,
    "restart": _restart,
    "kill": _kill,
    "abort": _abort,
    "outlast": _outlast,
    "late": _late,
    "oversize": _oversize,
    "undecodable": _undecodable,
    "hang": _hang,
    "proxy": _proxy,
    "unavailable": _unavailable,
    "pause-broker": _pause_broker,
    "kill-broker": _kill_broker,
}
