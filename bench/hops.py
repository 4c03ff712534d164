"""The cost of single hops: the router against the bare library, then delivery, each alone on a backlog."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from bench import backlog
from bench.broker import Broker
from bench.drain import Drain, typical, watch
from bench.receiver import received
from ops.demo.child import Child
from ops.demo.scene import Scene, kafka_section, read_config, routes
from schemas import topics

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from ops.dev.component import Status

SINK, COPY = "receiver", "copy"
DRAIN_WITHIN = 30.0
DELIVER_WITHIN = 10.0


@dataclass(frozen=True, slots=True)
class Hops:
    """Runs of each kind, in the order in which they were made, one of each after the other."""

    router: tuple[Drain, ...]
    bare: tuple[Drain, ...]
    delivery: tuple[Drain, ...]

    @property
    def speed(self) -> float:
        """The router's events per second as a part of the bare library's, median of neighbours."""
        return median(ours.rate / theirs.rate for ours, theirs in zip(self.router, self.bare, strict=True))

    @property
    def cost(self) -> float:
        """The router's CPU time as a multiple of the bare library's, median of neighbours."""
        return median(ours.cost / theirs.cost for ours, theirs in zip(self.router, self.bare, strict=True))

    def medians(self) -> dict[str, Drain]:
        """The typical run of each kind."""
        return {
            "router": typical(self.router),
            "bare consume and produce": typical(self.bare),
            "delivery": typical(self.delivery),
        }


def measure(
    folder: Path, stack: Status, prefix: str, *, events: int, rounds: int, report: Callable[[str], None]
) -> Hops:
    """Store the backlog and work it off ``rounds`` times with each, in turn."""
    router, bare, delivery = [], [], []
    with _bench(folder, stack, prefix) as bench:
        report(f"storing {events} events")
        backlog.fill(bench.config.kafka, events)
        for number in range(1, rounds + 1):
            report(f"hops, round {number} of {rounds}")
            router.append(bench.router(events))
            bare.append(bench.bare(events))
            delivery.append(bench.delivery(events))
    return Hops(tuple(router), tuple(bare), tuple(delivery))


class _Bench:
    """A scene with a receiver that answers at once, and nothing that runs but what is measured."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._out = scene.folder / "times"
        receiver = scene.add(Child("receiver", ["bench.receiver", str(self._out)], scene.folder))
        url = receiver.first_line()
        scene.write_config(
            {
                "kafka": kafka_section(scene.stack, scene.prefix),
                "routes": routes(power=(backlog.SUBJECTS, [SINK])),
                # Nothing is routed to the second one: its topic is the bare loop's target.
                "sinks": {name: {"type": "knative", "uri": url} for name in (SINK, COPY)},
            }
        )
        self.config = read_config(scene)
        self.broker = Broker(self.config)
        scene.run("topics", "create")

    def router(self, events: int) -> Drain:
        self.broker.forget(topics.group(self._scene.prefix, topics.ROUTER))
        count = self.broker.growth(topics.sink(self._scene.prefix, SINK))
        with _running(self._scene.service("router", "worker", "--role", "router")) as child:
            return watch(count, child.pid, target=events, within=DRAIN_WITHIN)

    def bare(self, events: int) -> Drain:
        source, target = topics.events(self._scene.prefix), topics.sink(self._scene.prefix, COPY)
        count = self.broker.growth(target)
        argv = ["bench.bare", str(self._scene.config), source, target]
        with _running(Child("bare", argv, self._scene.folder, speaks=False)) as child:
            return watch(count, child.pid, target=events, within=DRAIN_WITHIN)

    def delivery(self, events: int) -> Drain:
        before = received(self._out)
        with _running(self._scene.service("deliver", "worker", "--role", "deliver", "--sinks", SINK)) as child:
            return watch(lambda: received(self._out) - before, child.pid, target=events, within=DELIVER_WITHIN)


@contextmanager
def _bench(folder: Path, stack: Status, prefix: str) -> Iterator[_Bench]:
    with Scene(folder, stack, prefix=prefix) as scene:
        bench = _Bench(scene)
        try:
            yield bench
        finally:
            bench.broker.clear()


@contextmanager
def _running(child: Child) -> Iterator[Child]:
    try:
        yield child
    finally:
        child.stop()
