"""SIGKILL at a moment at which a role has work in hand, seen from outside."""

from __future__ import annotations

import signal
import time
from typing import TYPE_CHECKING, Final, Self

from confluent_kafka import OFFSET_END, Consumer, TopicPartition

from schemas import topics as names
from tests.support import topics

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from random import Random

    from ops.demo.child import Child
    from tests.faults.commands.world import World

PAUSE: Final = 0.02
"""Seconds from the arrival of something to do to the kill, at most."""

LOOK: Final = 2.0
"""Seconds without anything to do after which more is asked for."""


def strike(victim: Child, in_hand: Callable[[float], int], more: Callable[[], None], chance: Random) -> int:
    """Kill a process that has work in hand; how much.

    It is stopped at a random moment soon after something has come, looked at, and let go on if it was too late.

    Args:
        victim: the process.
        in_hand: how much it had at a time, while it is stopped.
        more: has something to do come.
        chance: for the moment.
    """
    while True:
        more()
        time.sleep(chance.uniform(0.0, PAUSE))
        victim.signal(signal.SIGSTOP)
        if hand := in_hand(time.time()):
            victim.kill()
            return hand
        victim.signal(signal.SIGCONT)


class Work:
    """What comes to a role; enter it as a context manager.

    Args:
        world: where.
        role: which, of those that read topics.
    """

    def __init__(self, world: World, role: str) -> None:
        self._world, self._role = world, role
        config = {"bootstrap.servers": world.bootstrap, "group.id": "reader", "isolation.level": "read_committed"}
        self._lookout = Consumer(config)

    def __enter__(self) -> Self:
        known = self._lookout.list_topics(timeout=30).topics
        read = _read(self._world.prefix, self._role)
        self._lookout.assign(
            [TopicPartition(each, number, OFFSET_END) for each in read for number in known[each].partitions]
        )
        self._lookout.poll(0.1)
        return self

    def __exit__(self, *_: object) -> None:
        self._lookout.close()

    def come(self) -> None:
        """Return when something has come since, or when that takes long."""
        self._lookout.poll(LOOK)

    def in_hand(self, at: float) -> int:
        """Records that had come by a time, and that the role has not reported as done: they come again after a kill."""
        return in_hand(self._world, self._role, at)


def in_hand(world: World, role: str, at: float) -> int:
    """Records that had come to a role by a time, and that it has not reported as done."""
    group = names.group(world.prefix, role)
    return sum(_unfinished(world.bootstrap, group, each, at) for each in _read(world.prefix, role))


def _read(prefix: str, role: str) -> Sequence[str]:
    """The topics that a role gets its work from."""
    return {
        "command": (names.commands(prefix),),
        "decide": (names.requests(prefix), names.requests(prefix, urgent=True)),
        "execute": (names.actions(prefix),),
        "deliver": (names.sink(prefix, "chat"),),
    }[role]


def _unfinished(bootstrap: str, group: str, topic: str, at: float) -> int:
    """How many records that were there at a time are not committed."""
    done = topics.positions(bootstrap, group, topic)
    records = topics.everything(bootstrap, topic)
    there = (record for record in records if record.timestamp()[1] <= at * 1000)
    return sum(record.offset() >= done[record.partition()] for record in there)
