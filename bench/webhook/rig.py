"""One installation per run: topics, and whoever serves; all gone afterwards."""

from __future__ import annotations

import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bench.broker import Broker
from bench.process import Meter, children
from bench.webhook import load
from bench.webhook.outcome import Run
from bench.webhook.scenario import Who
from ops.demo.child import Child, free_port
from ops.demo.scene import Scene, kafka_section, read_config
from schemas import topics
from schemas.errors import ReflexarcError

if TYPE_CHECKING:
    from bench.webhook.scenario import Scenario
    from ops.dev.component import Status

WITHIN: Final = 30.0
LOOK: Final = 0.05
SERVER: Final = "server"
LISTENING: Final = "0A"


def run(scenario: Scenario, stack: Status, folder: Path, prefix: str, seconds: float) -> Run:
    """Carry it out and count."""
    with ExitStack() as closing:
        scene = closing.enter_context(Scene(folder, stack, prefix=prefix))
        port = free_port()
        scene.write_config({"kafka": kafka_section(stack, prefix), "webhook": {"listen": f"127.0.0.1:{port}"}})
        config = read_config(scene)
        scene.run("topics", "create")
        broker = Broker(config)
        closing.callback(broker.clear)
        program = load.build(folder)
        events = topics.events(config.kafka.prefix)
        pids = _server(scenario, scene, events, port)
        growth, meter = broker.growth(events), Meter({SERVER: pids})
        answered = load.send(
            program, f"127.0.0.1:{port}", run=prefix, connections=scenario.connections, seconds=seconds
        )
        used = meter.read()[SERVER]
        return Run(answered, growth(), used.cpu, used.peak)


def _server(scenario: Scenario, scene: Scene, events: str, port: int) -> list[int]:
    """Start it and wait until all of its processes listen; their ids."""
    if scenario.who is Who.OURS:
        started: list[Child] = [scene.service("webhook", "ingest", "webhook", "--processes", str(scenario.processes))]
    else:
        argv = ["bench.webhook.bare", str(scene.config), events]
        started = [
            scene.add(Child(f"bare-{number}", argv, scene.folder, speaks=False)) for number in range(scenario.processes)
        ]
    deadline = time.monotonic() + WITHIN
    while listeners(port) < scenario.processes:
        scene.check()
        if time.monotonic() > deadline:
            raise ReflexarcError("the server does not listen with all of its processes", cure=f"see {started[0].log}")
        time.sleep(LOOK)
    return [pid for child in started for pid in (child.pid, *children(child.pid))]


def listeners(port: int) -> int:
    """How many sockets listen on a port of IPv4 loopback."""
    lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
    sockets = (line.split()[1:4:2] for line in lines)
    return sum(state == LISTENING and local == f"0100007F:{port:04X}" for local, state in sockets)
