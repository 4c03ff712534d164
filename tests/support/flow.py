"""A small pipeline for fault tests: numbered events on the events topic, a router, a delivery, one receiver."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Self, TypeVar

from confluent_kafka import Producer

from ops.demo.scene import Scene, kafka_section, routes
from schemas.cloudevents import CloudEvent, kafka

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from ops.demo.child import Child
    from ops.dev.component import Status

Item = TypeVar("Item")

SUBJECT = "Tick"
MUTANTS = "tests.e2e.mutants"
WITHIN = 90.0


class Flow:
    """Scene, receiver ``events`` and the two roles; enter it as a context manager.

    Args:
        folder: for every file of the run.
        stack: the running stack.
        prefix: of topics and groups.
        receiver: options of the receiver.
        sink: options of the sink.
        kafka: librdkafka options on top of the scene's.
        route: keys of the route on top of name, match and sink.
    """

    def __init__(
        self,
        folder: Path,
        stack: Status,
        prefix: str,
        *,
        receiver: tuple[str, ...] = (),
        sink: dict[str, Any] | None = None,
        kafka: dict[str, Any] | None = None,
        route: dict[str, Any] | None = None,
    ) -> None:
        self.scene = Scene(folder, stack, prefix=prefix)
        self.bootstrap = stack["kafka"].endpoint or ""
        self.prefix = prefix
        self._receiver, self._sink, self._kafka, self._route = receiver, sink or {}, kafka or {}, route or {}

    def __enter__(self) -> Self:
        url = self.scene.receiver("knative", *self._receiver, name="events")
        section = kafka_section(self.scene.stack, self.prefix)
        section["options"] |= self._kafka
        self.scene.write_config(
            {
                "kafka": section,
                "routes": [route | self._route for route in routes(ticks=([SUBJECT], ["events"]))],
                "sinks": {"events": {"type": "knative", "uri": url, **self._sink}},
            }
        )
        self.scene.run("topics", "create")
        return self

    def __exit__(self, *error: object) -> None:
        self.scene.__exit__(*error)

    def start(self, role: str, *options: str, mutant: str | None = None, halt: str | None = None) -> Child:
        """Start a role, with one guarantee switched off when a mutant is named, standing still where ``halt`` says."""
        self.scene.environ = {"MUTANT": mutant or "", "HALT": halt or ""}
        module = MUTANTS if mutant or halt else None
        return self.scene.service(role, "worker", "--role", role, *options, module=module)

    def produce(self, count: int, *, data: bytes = b"{}", first: int = 0) -> list[str]:
        """Store events at the broker, numbered from ``first``; their ids."""
        producer = Producer({"bootstrap.servers": self.bootstrap, "acks": "all", "enable.idempotence": True})
        ids = [f"{self.prefix}-{number}" for number in range(first, first + count)]
        for number, name in enumerate(ids):
            event = CloudEvent(
                id=name, source="/tests", type="tick", subject=SUBJECT, datacontenttype="application/json", data=data
            )
            message = kafka.to_binary(event)
            producer.produce(
                f"{self.prefix}.events", message.value, f"key-{number % 17}", headers=list(message.headers)
            )
        assert producer.flush(30) == 0
        return ids

    def received(self) -> list[str]:
        """Ids in the receiver's own file, in order of arrival."""
        return [str(entry["id"]) for entry in self.scene.received("events")]

    def settled(self, ids: list[str], quiet: float = 12.0) -> list[str]:
        """What has arrived once all of ``ids`` have, or once nothing more came for ``quiet`` seconds."""
        return settled(self.received, ids, quiet)


def settled(arrived: Callable[[], list[Item]], expected: Iterable[Item], quiet: float) -> list[Item]:
    """What has arrived once all that is expected has, or once nothing more came for ``quiet`` seconds."""
    wanted = set(expected)
    seen, since = arrived(), time.monotonic()
    while not wanted <= set(seen) and time.monotonic() - since < quiet:
        time.sleep(0.1)
        now = arrived()
        if len(now) > len(seen):
            seen, since = now, time.monotonic()
    return seen


def wait(condition: Callable[[], bool], *, within: float = WITHIN) -> None:
    """Until the condition holds; a run that never gets there fails with what it waited for."""
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline, "the pipeline stood still"
        time.sleep(0.02)
