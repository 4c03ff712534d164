"""The tails of a process, each in a thread of its own."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, NamedTuple

from schemas.errors import ReflexarcError

if TYPE_CHECKING:
    from collections.abc import Callable

    from ingest.vcenter.position.origins import Origin
    from ingest.vcenter.publishing.handover import Handover, Lane
    from ingest.vcenter.tailing.tail import Tail

    Make = Callable[[str, Origin | None, Lane], Tail]


class Tails:
    """At most one for each vCenter. For one thread; ``following`` and ``names`` may be asked from others.

    Args:
        make: a tail of the vCenter of this name that goes on from its origin.
        handover: where they all lead.
    """

    def __init__(self, make: Make, handover: Handover) -> None:
        self._make = make
        self._handover = handover
        self._running: dict[str, _Running] = {}

    def names(self) -> frozenset[str]:
        """The vCenters that have a tail."""
        return frozenset(self._running)

    def following(self, vcenter: str) -> bool:
        """Whether the vCenter has a tail, and it reads."""
        running = self._running.get(vcenter)
        return running is not None and running.tail.following

    def start(self, vcenter: str, origin: Origin | None) -> None:
        """Follow it from there on; None is its very beginning."""
        lane, stop = self._handover.lane(), threading.Event()
        tail = self._make(vcenter, origin, lane)
        thread = threading.Thread(target=tail.run, args=(stop,), name=f"tail-{vcenter}", daemon=True)
        self._running = {**self._running, vcenter: _Running(tail, lane, stop, thread)}
        thread.start()

    def stop(self, vcenter: str) -> None:
        """From now on nothing more of it is committed; its thread ends when its vCenter has answered."""
        running = self._running[vcenter]
        self._running = {name: each for name, each in self._running.items() if name != vcenter}
        running.stop.set()
        running.lane.close()
        running.tail.leave()

    def finish(self) -> None:
        """All hand over what they have read, and end."""
        for running in self._running.values():
            running.stop.set()

    def ended(self) -> bool:
        """Whether there is none that still reads.

        Raises:
            ReflexarcError: one has ended without being asked to.
        """
        ended = [each for each in self._running.values() if not each.thread.is_alive()]
        if unasked := [each.thread.name for each in ended if not each.stop.is_set()]:
            raise ReflexarcError(f"{', '.join(unasked)} ended unasked", cure="start the process again")
        return len(ended) == len(self._running)

    def close(self, seconds: float) -> None:
        """End them all; those that have not ended after so long die with the process."""
        threads = [running.thread for running in self._running.values()]
        for vcenter in tuple(self._running):
            self.stop(vcenter)
        for thread in threads:
            thread.join(seconds)


class _Running(NamedTuple):
    tail: Tail
    lane: Lane
    stop: threading.Event
    thread: threading.Thread
