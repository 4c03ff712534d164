"""The whole crisis: bring up the parts, tell the stories, end everything that was started."""

from __future__ import annotations

import time
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from pyVmomi import vim

from clients.vsphere.session import Session
from ops.demo.cast import Cast
from ops.demo.crisis import growth, infection, killed_executor, limits, machines, storage, vcenters
from ops.demo.crisis.book import Book
from ops.demo.crisis.configuration import CPU, HEARTBEAT, STORAGE, USAGE, document
from ops.demo.crisis.monitoring import Monitoring
from ops.demo.crisis.tale import Crisis, Tale
from ops.demo.interruption import interruptible
from ops.demo.scene import Scene, kafka_section, read_config
from ops.dev import stack
from streams.trail.reader import Trail

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from clients.vsphere.target import Target

PARTS: Final = ("grown", "moved", "isolated", "by_orchestrator", "denied", "reset", "paused")
"""Machines of the first vCenter, by the part that they play; the second one has the survivor."""

TITLES: Final = {
    "d": growth.TITLE,
    "e": storage.TITLE,
    "f": infection.TITLE,
    "g": limits.TITLE,
    "h": killed_executor.TITLE,
}


def play(
    state: Path,
    *,
    keep: bool,
    report: Callable[[str], None],
    bootstrap: str | None = None,
    amqp: str | None = None,
) -> tuple[Cast, tuple[Tale, ...], Path]:
    """Tell the stories; the cast, what each came to, and the folder with every file of the run.

    The simulators are of its own and end with it. For everything else see ``ops.demo.play``.
    """
    with interruptible() as no_more, ExitStack() as closing:
        try:
            ran_before = any(part.state == "running" for part in stack.status(state).components)
            if not (keep or ran_before):
                closing.callback(stack.down, state, report)
            status = stack.up(state, bootstrap=bootstrap, amqp=amqp, only=("kafka", "rabbitmq"), report=report)
            run = time.strftime("crisis-%Y%m%d-%H%M%S")
            scene = closing.enter_context(Scene((state.parent / "demo" / run).absolute(), status, prefix=run))
            cast = Cast.of(status)
            missing = () if cast.kafka.real else ("Java and Maven for Kafka",)
            sections = {} if missing else vcenters.start(scene, (state.parent / "cache").absolute(), report)
            if not sections:
                needs = ", ".join(missing or ("Go for the simulators",))
                return cast, tuple(Tale(*each, needs=needs) for each in TITLES.items()), scene.folder
            crisis = _crisis(scene, cast, sections, closing, report)
            return cast, tuple(_tales(crisis, cast)), scene.folder
        finally:
            no_more()
            report("ending what was started")


def _crisis(
    scene: Scene,
    cast: Cast,
    sections: Mapping[str, dict[str, Any]],
    closing: ExitStack,
    report: Callable[[str], None],
) -> Crisis:
    scene.write_config({"kafka": kafka_section(scene.stack, scene.prefix), "vcenters": dict(sections)})
    known = read_config(scene).vcenters
    sessions = {name: closing.enter_context(Session(vcenter)) for name, vcenter in known.items()}
    parts = _parts(sessions)
    machines.allow_hot_add(parts[name] for name in ("grown", "survivor"))
    monitoring = {name: closing.enter_context(Monitoring(vcenter)) for name, vcenter in known.items()}
    for each in monitoring.values():
        for alarm in (CPU, STORAGE, HEARTBEAT):
            each.define(alarm)
        each.define(USAGE, vim.Datastore)
    store = machines.home(parts["moved"])
    headroom = machines.headroom(store, [each for each in parts.values() if each.session is store.session])
    written = document(scene, sections, parts, cast.rabbitmq, headroom=headroom)
    scene.write_config(written)
    if cast.rabbitmq:
        scene.orchestrator(cast.rabbitmq, "--config", str(scene.config), "--vcenter", vcenters.NAMES[0])
    report("starting ingest, router, delivery, decider and executor")
    scene.run("topics", "create")
    config = read_config(scene)
    services = [
        scene.begin("ingest-webhook", "ingest", "webhook"),
        scene.begin("ingest-vcenter", "ingest", "vcenter"),
        *(scene.begin(role, *_worker(role)) for role in ("router", "deliver", "decide")),
    ]
    start_execute = partial(scene.service, "execute", *_worker("execute"))
    execute = start_execute()
    for service in services:
        service.await_ready()
    book = Book(closing.enter_context(Trail(config.kafka, None)))
    webhook = f"http://{written['webhook']['listen']}"
    return Crisis(scene, config, webhook, report, book, monitoring, parts, store, execute, start_execute)


def _parts(sessions: Mapping[str, Session]) -> dict[str, Target]:
    first, second = (sessions[name] for name in vcenters.NAMES)
    chosen = dict(zip(PARTS, machines.chosen(first, range(len(PARTS))), strict=True))
    (survivor,) = machines.chosen(second, [0])
    return {**chosen, "survivor": survivor}


def _worker(role: str) -> tuple[str, ...]:
    return ("worker", "--role", role, "--instance", role)


def _tales(crisis: Crisis, cast: Cast) -> Iterator[Tale]:
    yield growth.play(crisis)
    yield storage.play(crisis)
    yield infection.play(crisis, queue=cast.rabbitmq is not None)
    yield limits.play(crisis)
    yield killed_executor.play(crisis)
