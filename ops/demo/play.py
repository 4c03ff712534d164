"""The whole demo: bring up the parts, tell the stories, end everything that was started."""

from __future__ import annotations

import time
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING

from clients.vsphere.session import Session
from ops.demo import killed_worker, log_alert, power_off, recording
from ops.demo.cast import Cast
from ops.demo.configuration import document
from ops.demo.interruption import interruptible
from ops.demo.scene import Scene, kafka_section, read_config, vcenter_sections
from ops.demo.story import Stage, Story
from ops.dev import stack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path


def play(
    state: Path,
    *,
    keep: bool,
    report: Callable[[str], None],
    bootstrap: str | None = None,
    vcenters: Sequence[str] = (),
    amqp: str | None = None,
) -> tuple[Cast, tuple[Story, ...], Path]:
    """Tell the stories; the cast, what each came to, and the folder with every file of the run.

    Nothing that was started here outlives it, however it ends. SIGINT, SIGTERM and SIGHUP end it with
    ``KeyboardInterrupt``, so it is for the main thread.

    Args:
        state: the stack's folder; a stack that already runs there is used and left running.
        keep: leave the stack running in any case.
        report: takes one line of progress.
        bootstrap: the user's own Kafka.
        vcenters: the user's own simulators.
        amqp: the user's own RabbitMQ.
    """
    with interruptible() as no_more, ExitStack() as closing:
        try:
            ran_before = any(part.state == "running" for part in stack.status(state).components)
            if not (keep or ran_before):
                closing.callback(stack.down, state, report)
            status = stack.up(state, bootstrap=bootstrap, vcenters=vcenters, amqp=amqp, report=report)
            cast = Cast.of(status)
            run = time.strftime("demo-%Y%m%d-%H%M%S")
            scene = closing.enter_context(Scene(state.parent / "demo" / run, status, prefix=run))
            stage = _stage(scene, cast, closing, report)
            return cast, tuple(_stories(stage, cast)), scene.folder
        finally:
            no_more()
            report("ending what was started")


def _stage(scene: Scene, cast: Cast, closing: ExitStack, report: Callable[[str], None]) -> Stage:
    sessions: dict[str, Session] = {}
    if cast.live:
        report("logging in to the simulators")
        scene.write_config(
            {"kafka": kafka_section(scene.stack, scene.prefix), "vcenters": vcenter_sections(scene.stack)}
        )
        sessions = {
            name: closing.enter_context(Session(vcenter)) for name, vcenter in read_config(scene).vcenters.items()
        }
    start_deliver = partial(scene.service, "deliver", "worker", "--role", "deliver")
    machine = log_alert.machine(sessions)
    cast_document = document(scene, cast, machine)
    scene.write_config(cast_document)
    if cast.rabbitmq:
        scene.orchestrator(cast.rabbitmq)
    report("starting ingest, router and delivery")
    scene.run("topics", "create")
    services = [
        scene.begin("router", "worker", "--role", "router"),
        scene.begin("ingest-webhook", "ingest", "webhook"),
        scene.begin("ingest-vcenter", "ingest", "vcenter"),
    ]
    deliver = start_deliver()
    for service in services:
        service.await_ready()
    webhook = f"http://{cast_document['webhook']['listen']}"
    return Stage(scene, sessions, deliver, start_deliver, webhook, report)


def _stories(stage: Stage, cast: Cast) -> Iterator[Story]:
    if cast.live:
        yield power_off.play(stage)
    else:
        vcenters = read_config(stage.scene).vcenters.values()
        yield recording.play(stage, {vcenter.name: vcenter.recording for vcenter in vcenters if vcenter.recording})
    if cast.rabbitmq or cast.live:
        yield log_alert.play(stage, queue=cast.rabbitmq is not None)
    else:
        yield Story("b", log_alert.TITLE, needs="RabbitMQ, Go for the simulators")
    if cast.live and cast.kafka.real:
        yield killed_worker.play(stage)
    else:
        parts = (("Java and Maven for Kafka", cast.kafka.real), ("Go for the simulators", cast.live))
        missing = [what for what, there in parts if not there]
        yield Story("c", killed_worker.TITLE, needs=", ".join(missing))
