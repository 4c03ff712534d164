"""The whole way: user events posted at the simulators, through ingest, router and delivery, to a receiver's file."""

from __future__ import annotations

import math
import os
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from bench.arrivals import Arrivals
from bench.broker import Broker
from bench.process import Meter
from clients.vsphere.session import Session
from ops.demo import simulators
from ops.demo.child import Child
from ops.demo.journal import Journal, entries
from ops.demo.killed_worker import SUBJECT
from ops.demo.scene import Scene, kafka_section, read_config, routes, vcenter_sections
from ops.demo.tally import Tally, tally

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from types import TracebackType

    from bench.process import Usage
    from ops.dev.component import Status

SINK = "receiver"
ARRIVE_WITHIN = 60.0


@dataclass(frozen=True, slots=True)
class Trip:
    """One load and what became of it.

    Attributes:
        tally: what was sent and what arrived, with latencies from before the post to the receiver's file, in ms.
        posting: seconds from the first post to the last.
        seconds: from the first post to the last arrival.
        used: by process, from before the first post until the last arrival was seen.
    """

    tally: Tally
    posting: float
    seconds: float
    used: dict[str, Usage]

    @property
    def rate(self) -> float:
        """Events per second over the whole way."""
        return self.tally.delivered / self.seconds


class Journey:
    """The running pipeline with a session at each simulator; a context manager that ends and deletes all of it.

    Args:
        folder: for every file of the run.
        stack: the running stack.
        prefix: of topics and groups.
    """

    def __init__(self, folder: Path, stack: Status, prefix: str) -> None:
        self._folder = folder
        self._stack = stack
        self._prefix = prefix

    def __enter__(self) -> Self:
        with ExitStack() as closing:
            self._start(closing)
            self._closing = closing.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.__exit__(kind, error, trace)

    def trip(self, events: int, *, rate: float = math.inf) -> Trip:
        """Post so many events over all simulators, ``rate`` a second altogether, and wait a minute at most.

        A simulator keeps 1,000 events: without a rate, at most that many for each may be on the way.
        """
        run, parts = uuid.uuid4().hex[:8], len(self._sessions)
        journal = self._scene.journal(f"generator-{run}")
        meter = Meter(self._processes)
        with ThreadPoolExecutor(parts) as pool:
            posting = [
                pool.submit(_post, session, f"{run}-{name}", events // parts, rate / parts, journal)
                for name, session in self._sessions.items()
            ]
            for future in posting:
                future.result()
        sent = {entry["text"]: entry["at"] for entry in entries(journal)}
        arrived = [row for row in self._arrivals.wait(sent, within=ARRIVE_WITHIN) if row[0] in sent]
        first = min(sent.values())
        last = max((at for _, at in arrived), default=math.inf)
        return Trip(tally(SINK, sent, arrived), max(sent.values()) - first, last - first, meter.read())

    def _start(self, closing: ExitStack) -> None:
        scene = self._scene = closing.enter_context(Scene(self._folder, self._stack, prefix=self._prefix))
        out = scene.journal(SINK)
        receiver = scene.add(Child(SINK, ["ops.demo.receivers", "knative", "--out", str(out)], scene.folder))
        scene.write_config(
            {
                "kafka": kafka_section(self._stack, self._prefix),
                "vcenters": vcenter_sections(self._stack),
                "routes": routes(user_events=([SUBJECT], [SINK])),
                "sinks": {SINK: {"type": "knative", "uri": receiver.first_line()}},
            }
        )
        config = read_config(scene)
        self._arrivals = Arrivals(out)
        self._sessions = {name: closing.enter_context(Session(vcenter)) for name, vcenter in config.vcenters.items()}
        scene.run("topics", "create")
        closing.callback(Broker(config).clear)
        # A scene of their own, which ends before the topics do.
        services = closing.enter_context(Scene(self._folder, self._stack, prefix=self._prefix))
        self._processes = {
            "ingest vcenter": [services.service("ingest-vcenter", "ingest", "vcenter").pid],
            "router": [services.service("router", "worker", "--role", "router").pid],
            "deliver": [services.service("deliver", "worker", "--role", "deliver").pid],
            "broker": _pids(self._stack, "kafka"),
            "simulators": _pids(self._stack, "vcsim"),
            SINK: [receiver.pid],
            "bench itself, which posts": [os.getpid()],
        }


def _post(session: Session, name: str, number: int, rate: float, path: Path) -> None:
    journal = Journal(path)
    simulators.post_events(session, [f"{name}-{index}" for index in range(number)], rate=rate, journal=journal)
    journal.close()


def _pids(stack: Status, kind: str) -> Sequence[int]:
    return [part.pid for part in stack.components if part.kind == kind and part.pid is not None]
