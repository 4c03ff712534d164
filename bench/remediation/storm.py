"""A storm on the whole way: alarms of 500 machines within ten seconds, and a quarantine in the middle."""

from __future__ import annotations

import time
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson
from confluent_kafka import Producer
from pyVmomi import vim

from bench.process import Meter, resident
from bench.remediation.asking import LIMITS, SINKS
from bench.remediation.hearing import Hearing
from bench.remediation.role import PARTITIONS, decided
from clients.vsphere.properties import read_all
from clients.vsphere.session import Session
from ops.demo.scene import Scene, kafka_section, read_config
from schemas import topics
from schemas.cloudevents import CloudEvent, kafka
from schemas.epoch import written
from schemas.remediation.request import request_id
from tests.support.simulator import simulators

if TYPE_CHECKING:
    from pathlib import Path

    from ops.dev.component import Status

ROLES = ("router", "deliver", "decide", "execute")
MACHINES = 500
PACE = 10.0
SOURCE = "https://vc1/sdk"


class Storm(NamedTuple):
    """What came of it.

    Attributes:
        alarms: how many.
        approved: actions that were begun.
        behind: seconds from the last alarm to its decision.
        urgent: milliseconds from the quarantine's event to its decision.
        memory: bytes of each role before and afterwards.
        cpu: seconds of CPU of each role.
    """

    alarms: int
    approved: int
    behind: float
    urgent: float
    memory: dict[str, tuple[int, int]]
    cpu: dict[str, float]


def run(status: Status, folder: Path, prefix: str, *, alarms: int) -> Storm:
    """Play it.

    Raises:
        ReflexarcError: something was not decided.
    """
    folder = folder.absolute()  # the configuration stands in a folder of its own
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as held:
        vcenters = held.enter_context(simulators(folder, "vc1", machines=MACHINES))
        scene = held.enter_context(Scene(folder / "scene", status, prefix=prefix))
        scene.write_config(
            {
                "kafka": kafka_section(status, prefix) | {"partitions": PARTITIONS},
                "vcenters": vcenters,
                "remediation": LIMITS,
                "routes": [
                    {"name": "alarms", "match": {"subject": ["AlarmStatusChangedEvent"]}, "to": ["grow"]},
                    {"name": "infected", "match": {"subject": ["infected"]}, "to": ["isolate"]},
                ],
                "sinks": SINKS,
            }
        )
        scene.run("topics", "create")
        machines = _machines(scene)
        pids = {role: scene.service(role, "worker", "--role", role).pid for role in ROLES}
        bootstrap = status["kafka"].endpoint or ""
        hearing = held.enter_context(Hearing(bootstrap, topics.audit(prefix), PARTITIONS))
        memory, meter = {role: resident(pid) for role, pid in pids.items()}, Meter({r: [p] for r, p in pids.items()})
        sent = _send(bootstrap, prefix, machines, alarms)
        found = decided(hearing, alarms + 1)
        urgent = found[request_id("isolate", SOURCE, "infected")] - sent["infected"]
        last = max(at for event, at in sent.items() if event != "infected")
        return Storm(
            alarms,
            len(hearing.steps("approved")) - 1,
            max(found.values()) - last,
            1000 * urgent,
            {role: (memory[role], resident(pid)) for role, pid in pids.items()},
            {role: used.cpu for role, used in meter.read().items()},
        )


def _machines(scene: Scene) -> list[tuple[str, str]]:
    with Session(read_config(scene).vcenters["vc1"]) as session:
        return [(row.reference._moId, row.values["name"]) for row in read_all(session, vim.VirtualMachine, ["name"])]  # noqa: SLF001


def _send(bootstrap: str, prefix: str, machines: list[tuple[str, str]], alarms: int) -> dict[str, float]:
    """When each event was sent, by its id."""
    producer = Producer({"bootstrap.servers": bootstrap, "linger.ms": 1, "enable.idempotence": True})
    sent: dict[str, float] = {}

    def send(event: CloudEvent, key: str) -> None:
        message = kafka.to_binary(event)
        producer.produce(topics.events(prefix), message.value, key.encode(), headers=list(message.headers))
        producer.poll(0)
        sent[event.id] = time.time()

    began = time.perf_counter()
    for number in range(alarms):
        pause = began + PACE * number / alarms - time.perf_counter()
        if pause > 0:
            time.sleep(pause)
        if number == alarms // 2:
            send(_event("infected", "infected", {"event": {"metadata": {"source": machines[-1][1]}}}), "log")
        moref, name = machines[number % len(machines)]
        reference = {"Name": name, "Vm": {"Type": "VirtualMachine", "Value": moref}}
        data = {"Vm": reference, "From": "green", "To": "red", "Alarm": {"Name": "VM CPU Usage"}, "UserName": ""}
        send(_event(f"alarm-{number}", "AlarmStatusChangedEvent", data, vcenter="vc1"), f"vc1/{moref}")
    producer.flush()
    return sent


def _event(name: str, subject: str, data: dict[str, Any], **extensions: str) -> CloudEvent:
    return CloudEvent(
        id=name,
        source=SOURCE,
        type="com.example.bench",
        subject=subject,
        time=written(datetime.now(UTC)),
        datacontenttype="application/json",
        data=orjson.dumps(data),
        extensions=extensions,
    )
