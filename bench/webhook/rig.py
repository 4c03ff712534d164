"""One installation per run: topics, and whoever serves; all gone afterwards."""

from __future__ import annotations

import socket
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final

from bench.broker import Broker
from bench.process import usage
from bench.webhook import load
from bench.webhook.outcome import Run
from bench.webhook.scenario import Who
from ops.demo.child import Child, free_port
from ops.demo.scene import Scene, kafka_section, read_config
from schemas import topics
from schemas.errors import ReflexarcError

if TYPE_CHECKING:
    from pathlib import Path

    from bench.webhook.scenario import Scenario
    from ops.dev.component import Status

WITHIN: Final = 30.0
LOOK: Final = 0.05


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
        server = _server(scenario.who, scene, events, port)
        growth, before = broker.growth(events), usage(server.pid).cpu
        answered = load.send(
            program, f"127.0.0.1:{port}", run=prefix, connections=scenario.connections, seconds=seconds
        )
        used = usage(server.pid)
        return Run(answered, growth(), used.cpu - before, used.peak)


def _server(who: Who, scene: Scene, events: str, port: int) -> Child:
    if who is Who.OURS:
        return scene.service("webhook", "ingest", "webhook")
    child = scene.add(Child("bare", ["bench.webhook.bare", str(scene.config), events], scene.folder, speaks=False))
    deadline = time.monotonic() + WITHIN
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            scene.check()
            if time.monotonic() > deadline:
                raise ReflexarcError("the bare server does not listen", cure=f"see {child.log}") from None
            time.sleep(LOOK)
        else:
            return child
