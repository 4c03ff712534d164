"""The deciding role on a real broker: a backlog with something urgent in it, and a steady stream."""

from __future__ import annotations

import time
from statistics import quantiles
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from confluent_kafka import Producer

from bench.process import Meter, resident
from bench.remediation.asking import LIMITS, SINKS, request, storm
from bench.remediation.hearing import Hearing
from ops.demo.scene import Scene, kafka_section, read_config
from schemas import topics
from schemas.errors import ReflexarcError
from sinks.remediation import RemediationSinkConfig

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from ops.dev.component import Status
    from schemas.remediation.request import Request

PARTITIONS = 4
WITHIN = 120.0
RATE, SECONDS = 200, 10
VERDICTS = ("approved", "refused", "parked")


class Backlog(NamedTuple):
    """A backlog that was decided.

    Attributes:
        decided: requests.
        seconds: from the first decision that was heard of to the last.
        urgent: milliseconds from the urgent request to its decision.
        cpu: seconds of CPU of the role.
        before: bytes of its memory before.
        after: and afterwards.
    """

    decided: int
    seconds: float
    urgent: float
    cpu: float
    before: int
    after: int


class Steady(NamedTuple):
    """A stream that was decided.

    Attributes:
        rate: requests per second.
        p50: milliseconds from a request to its decision.
        p99: likewise.
    """

    rate: float
    p50: float
    p99: float


def run(status: Status, folder: Path, prefix: str, *, count: int, machines: int) -> tuple[Backlog, Steady]:
    """Both, one after the other.

    Raises:
        ReflexarcError: something was not decided.
    """
    with Scene(folder, status, prefix=prefix) as scene:
        scene.write_config(
            {
                "kafka": kafka_section(status, prefix) | {"partitions": PARTITIONS},
                "vcenters": {
                    "vc1": {"url": "https://vc1.invalid/sdk", "username": "bench", "password": "${HOME}"},
                },
                "remediation": LIMITS,
                "sinks": SINKS,
            }
        )
        scene.run("topics", "create")
        role = scene.service("decide", "worker", "--role", "decide")
        bootstrap = status["kafka"].endpoint or ""
        told = {name: told_by(scene, name) for name in SINKS}
        with Hearing(bootstrap, f"{prefix}.audit", PARTITIONS) as hearing, Sender(bootstrap, prefix) as send:
            send([request("grow", "warm", 0, told["grow"])])
            decided(hearing, 1)
            backlog = _backlog(send, hearing, role.pid, list(storm(count, machines, told["grow"])), told["isolate"])
            return backlog, _steady(send, hearing, told["grow"])


def _backlog(send: Sender, hearing: Hearing, pid: int, waiting: list[Request], isolating: dict[str, Any]) -> Backlog:
    before, meter, seen = resident(pid), Meter({"role": [pid]}), len(hearing.steps(*VERDICTS))
    middle = len(waiting) // 2
    send(waiting[:middle])
    urgent = request("isolate", "urgent", 10**6, isolating)
    sent = time.time()
    send([urgent], urgent=True)
    send(waiting[middle:])
    found = decided(hearing, seen + len(waiting) + 1)
    times = sorted(found[each.id] for each in waiting)
    return Backlog(
        len(waiting),
        times[-1] - times[0],
        1000 * (found[urgent.id] - sent),
        meter.read()["role"].cpu,
        before,
        resident(pid),
    )


def _steady(send: Sender, hearing: Hearing, told: dict[str, Any]) -> Steady:
    seen, began, sent = len(hearing.steps(*VERDICTS)), time.perf_counter(), {}
    for number in range(RATE * SECONDS):
        pause = began + number / RATE - time.perf_counter()
        if pause > 0:
            time.sleep(pause)
        each = request("grow", f"steady-{number}", number % 500, told)
        sent[each.id] = time.time()
        send([each], wait=False)
    found = decided(hearing, seen + len(sent))
    took = [1000 * (found[each] - at) for each, at in sent.items()]
    cuts = quantiles(took, n=100)
    return Steady(RATE, cuts[49], cuts[98])


def decided(hearing: Hearing, count: int) -> dict[str, float]:
    """When each action was decided, once so many were.

    Raises:
        ReflexarcError: they were not in time.
    """
    deadline = time.monotonic() + WITHIN
    while len(found := hearing.steps(*VERDICTS)) < count:
        if time.monotonic() > deadline:
            raise ReflexarcError(f"{len(found)} of {count} requests were decided within {WITHIN:.0f} s")
        time.sleep(0.02)
    return found


def told_by(scene: Scene, sink: str) -> dict[str, Any]:
    """What the action of a sink is told."""
    config = read_config(scene).sinks[sink]
    assert isinstance(config, RemediationSinkConfig)
    return config.parameters.model_dump(mode="json")


class Sender:
    """Publishes requests; a context manager.

    Args:
        bootstrap: of the broker.
        prefix: of the topics.
    """

    def __init__(self, bootstrap: str, prefix: str) -> None:
        self._prefix = prefix
        self._producer = Producer({"bootstrap.servers": bootstrap, "linger.ms": 1, "enable.idempotence": True})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._producer.flush()

    def __call__(self, requests: Iterable[Request], *, urgent: bool = False, wait: bool = True) -> None:
        """Publish; ``wait`` until the broker has them."""
        for each in requests:
            self._producer.produce(topics.requests(self._prefix, urgent=urgent), each.encode(), each.scope.encode())
            self._producer.poll(0)
        if wait:
            self._producer.flush()
