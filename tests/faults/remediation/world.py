"""A small installation for faults of remediation: events from outside, two simulated vCenters, the roles that act."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self

import orjson
from confluent_kafka import Producer

from ops.demo.scene import Scene, kafka_section, read_config, vcenter_sections
from schemas.cloudevents import CloudEvent, kafka
from schemas.epoch import written
from tests.support import topics
from tests.support.govc import Govc

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from ops.demo.child import Child
    from ops.dev.component import Status

MUTANTS = "tests.faults.remediation.mutants"
ALARM = "AlarmStatusChangedEvent"
FINAL = ("refused", "planned", "succeeded", "failed", "unknown")
"""Steps after which nothing follows."""


class World:
    """Scene and roles; enter it as a context manager.

    Args:
        folder: for every file of the run.
        stack: the running stack.
        prefix: of topics and groups.
        sinks: sections of the remediation sinks, by name; each has a route for the subject of its name, that of
            ``alarmed`` for alarms.
        vcenters: their sections; default: the stack's simulators.
        limits: the section ``remediation``, on top of one that lets everything pass.
        commands: the section ``commands``; default: nobody asks in person.
    """

    def __init__(
        self,
        folder: Path,
        stack: Status,
        prefix: str,
        *,
        sinks: dict[str, dict[str, Any]],
        limits: dict[str, Any] | None = None,
        vcenters: dict[str, dict[str, Any]] | None = None,
        commands: dict[str, Any] | None = None,
    ) -> None:
        self.scene = Scene(folder, stack, prefix=prefix)
        self.prefix = prefix
        self.bootstrap = stack["kafka"].endpoint or ""
        self._sent = 0
        open_to_all = {
            "dry_run": False,
            "allow": [{"names": ["*"]}],
            "cool_down": 0,
            "blast_radius": [],
            "circuit": {"failures": 1000},
        }
        self.scene.write_config(
            {
                "kafka": kafka_section(stack, prefix),
                "vcenters": vcenters or vcenter_sections(stack),
                "remediation": open_to_all | (limits or {}),
                **({"commands": commands} if commands else {}),
                "routes": [
                    {"name": name, "match": {"subject": [ALARM if name == "alarmed" else name]}, "to": [name]}
                    for name in sinks
                ],
                "sinks": {name: {"type": "remediation", **section} for name, section in sinks.items()},
            }
        )

    def __enter__(self) -> Self:
        self.scene.run("topics", "create")
        return self

    def __exit__(self, *error: object) -> None:
        self.scene.__exit__(*error)

    def start(self, role: str, name: str | None = None, *, mutant: str = "") -> Child:
        """Start a role and wait until it serves, with one guarantee switched off when a mutant is named."""
        self.scene.environ = {"MUTANT": mutant}
        name = name or role
        module = MUTANTS if mutant else None
        return self.scene.service(name, "worker", "--role", role, "--instance", name, module=module)

    def start_all(self, *roles: str) -> dict[str, Child]:
        """Start several roles side by side, and wait until they serve."""
        self.scene.environ = {}
        begun = {role: self.scene.begin(role, "worker", "--role", role, "--instance", role) for role in roles}
        for child in begun.values():
            child.await_ready()
        return dict(begun)

    def ask(self, sink: str, machines: Iterable[str]) -> list[str]:
        """Store one event per machine, by its name, that the route of ``sink`` chooses; their ids."""
        return self._store(sink, [({"event": {"metadata": {"source": machine}}}, machine, {}) for machine in machines])

    def alarm(self, vcenter: str, machines: Iterable[tuple[str, str]]) -> list[str]:
        """Store one alarm that turns red per machine, by reference and name, as from a vCenter; their ids."""
        return self._store(
            ALARM, [(_red(*machine), f"{vcenter}/{machine[0]}", {"vcenter": vcenter}) for machine in machines]
        )

    def _store(self, subject: str, events: Iterable[tuple[Any, str, dict[str, str]]]) -> list[str]:
        """Store events with these data, keys and extensions; their ids."""
        producer = Producer({"bootstrap.servers": self.bootstrap, "acks": "all", "enable.idempotence": True})
        ids = []
        for data, key, extensions in events:
            name = f"{self.prefix}-{self._sent}"
            event = CloudEvent(
                id=name,
                source="/tests/alerts",
                type="com.example.alert",
                subject=subject,
                time=written(datetime.now(UTC)),
                datacontenttype="application/json",
                data=orjson.dumps(data),
                extensions=extensions,
            )
            message = kafka.to_binary(event)
            producer.produce(f"{self.prefix}.events", message.value, key.encode(), headers=list(message.headers))
            self._sent += 1
            ids.append(name)
        assert producer.flush(30) == 0
        return ids

    def audit(self) -> list[tuple[str, str, dict[str, Any]]]:
        """What the audit has heard of actions: id of the event, step, data; in order of arrival."""
        found = []
        for record in topics.everything(self.bootstrap, f"{self.prefix}.audit"):
            kind = dict(record.headers() or ()).get("ce_type", b"").decode()
            if kind.startswith("com.reflexarc.remediation."):
                data = orjson.loads(record.value())
                found.append((data.get("cause", {}).get("id", ""), kind.rpartition(".")[2], data))
        return found

    def finals(self) -> dict[str, list[str]]:
        """The final steps of each event, by its id."""
        found: dict[str, list[str]] = {}
        for event, step, _ in self.audit():
            if step in FINAL:
                found.setdefault(event, []).append(step)
        return found

    def steps(self, event: str) -> list[str]:
        """Every step of one event's action, in order."""
        return [step for cause, step, _ in self.audit() if cause == event]

    def govc(self, vcenter: str) -> Govc:
        """Who tells the state of a vCenter."""
        return Govc(read_config(self.scene).vcenters[vcenter])


def _red(moref: str, name: str) -> dict[str, Any]:
    """The data of an alarm of a machine that turns red, without a reference to what it is defined by."""
    machine = {"Type": "VirtualMachine", "Value": moref}
    return {
        "Alarm": {"Name": "VM CPU Usage"},
        "Entity": {"Name": name, "Entity": machine},
        "Vm": {"Name": name, "Vm": machine},
        "From": "green",
        "To": "red",
        "UserName": "",
    }
