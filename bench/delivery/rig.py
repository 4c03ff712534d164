"""One installation per run: a receiver, topics, and whoever delivers; all gone afterwards."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Final

from bench.broker import Broker
from bench.delivery import events, receiver
from bench.delivery.result import Result, latencies
from bench.delivery.scenario import Way
from bench.drain import watch
from ops.demo.child import Child, free_port
from ops.demo.scene import Scene, kafka_section, read_config, routes
from schemas import topics

if TYPE_CHECKING:
    from pathlib import Path

    from bench.delivery.scenario import Scenario
    from ops.dev.component import Status
    from schemas.config import Config

SINK: Final = "receiver"
DEAD: Final = "dead"
WITHIN: Final = 60.0
ROLES: Final = {
    Way.ALONE: (["deliver"],),
    Way.DIRECT: (["deliver", "--events", SINK],),
    Way.ROUTED: (["router"], ["deliver"]),
}


def run(scenario: Scenario, stack: Status, folder: Path, prefix: str) -> Result:
    """Carry it out and count."""
    with ExitStack() as closing:
        scene = closing.enter_context(Scene(folder, stack, prefix=prefix))
        argv = ["bench.delivery.receiver", str(folder), str(scenario.seconds)]
        url = scene.add(Child("receiver", argv, folder)).first_line()
        sink = {
            "type": "http",
            "url": url,
            "in_flight": scenario.in_flight,
            "ordered": scenario.ordered,
            "read_from": "events" if scenario.way is Way.DIRECT else "sink",
        }
        sinks = {SINK: sink}
        if scenario.waiting:
            sinks[DEAD] = {"type": "http", "url": f"http://127.0.0.1:{free_port()}/"}
        scene.write_config(
            {
                "kafka": kafka_section(stack, prefix),
                "routes": routes(power=([events.SUBJECT], [SINK])),
                "sinks": sinks,
            }
        )
        config = read_config(scene)
        scene.run("topics", "create")
        closing.callback(Broker(config).clear)
        return _measured(scenario, scene, config, url)


def _measured(scenario: Scenario, scene: Scene, config: Config, url: str) -> Result:
    prefix, folder = config.kafka.prefix, scene.folder
    routed = scenario.way in {Way.ROUTED, Way.DIRECT}
    source = topics.events(prefix) if routed else topics.sink(prefix, SINK)
    handed: list[int] = []
    if scenario.rate is None:
        events.fill(config.kafka, source, scenario.events)
    if scenario.waiting:
        events.fill(config.kafka, topics.sink(prefix, DEAD), scenario.waiting)
    workers = _workers(scenario, scene, source, url)
    if scenario.rate is not None:
        handed = events.fill(config.kafka, source, scenario.events, rate=scenario.rate)
    drain = watch(
        lambda: receiver.count(folder), *(each.pid for each in workers), target=scenario.events, within=WITHIN
    )
    arrived = receiver.arrivals(folder)
    seen = {each.event for each in arrived}
    p50, p99 = latencies(handed, arrived) if handed else (None, None)
    return Result(
        rate=_rate(arrived[-1].at - arrived[0].at, len(arrived)),
        cost=10 * drain.cost if scenario.rate is None else float("nan"),
        peak=drain.used.peak,
        missing=scenario.events - len(seen),
        doubled=len(arrived) - len(seen),
        out_of_order=receiver.out_of_order(arrived) if scenario.ordered else 0,
        p50=p50,
        p99=p99,
    )


def _rate(nanoseconds: int, count: int) -> float:
    return (count - 1) / (nanoseconds / 1e9)


def _workers(scenario: Scenario, scene: Scene, source: str, url: str) -> list[Child]:
    if scenario.way is Way.BARE:
        argv = ["bench.delivery.bare", str(scene.config), source, url, str(scenario.in_flight)]
        return [scene.add(Child("bare", argv, scene.folder, speaks=False))]
    begun = [scene.begin(argv[0], "worker", "--role", *argv) for argv in ROLES[scenario.way]]
    for each in begun:
        each.await_ready()
    return list(begun)
