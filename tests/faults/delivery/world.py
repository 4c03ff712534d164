"""The parts of one experiment: a generator, a router, two deliveries that share the topic, a receiver with moods."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import count
from typing import TYPE_CHECKING, Final, Self

from ops.demo.child import Child, free_port
from ops.demo.journal import entries
from ops.demo.scene import Scene, kafka_section, routes
from tests.faults import generator
from tests.faults.delivery.receiver import is_poison
from tests.faults.generator import Generator
from tests.faults.router.world import FOREVER, headers
from tests.faults.tally import Delivery
from tests.support import topics
from tests.support.flow import SUBJECT, wait

if TYPE_CHECKING:
    from pathlib import Path

    from ops.demo.child import Service
    from ops.dev.component import Status
    from tests.faults.tally import Sent

MODULE: Final = "tests.faults.delivery.mutants"
SINK: Final = "moody"
RETRIES: Final = 3
POLICY: Final = {"retry": RETRIES, "backoff_delay": "50ms", "backoff_max": "200ms", "timeout": "5s"}
QUIET: Final = 30.0


class World:
    """Runs while it is entered.

    Args:
        stack: with the broker.
        folder: for every file.
        prefix: of topics and groups.
        rate: events a second.
        in_flight: of the sink.
        mutant: the guarantee that is switched off.
    """

    def __init__(
        self, stack: Status, folder: Path, prefix: str, *, rate: float, in_flight: int, mutant: str | None
    ) -> None:
        self._scene = Scene(folder, stack, prefix=prefix, module=MODULE)
        self._scene.environ = {"MUTANT": mutant or ""}
        self._bootstrap = stack["kafka"].endpoint or ""
        self._folder, self._prefix, self._rate, self._in_flight = folder, prefix, rate, in_flight
        self._port = free_port()
        self._numbers = count(1)
        self._stop = threading.Event()

    def __enter__(self) -> Self:
        with ExitStack() as closing:
            closing.enter_context(self._scene)
            self.receive()
            sink = {"type": "http", "url": f"http://127.0.0.1:{self._port}/", "in_flight": self._in_flight, **POLICY}
            self._scene.write_config(
                {
                    "kafka": kafka_section(self._scene.stack, self._prefix),
                    "routes": routes(ticks=([SUBJECT], [SINK])),
                    "sinks": {SINK: sink},
                }
            )
            self._scene.run("topics", "create")
            self.router, self.deliveries = self.begin("router"), [self.begin("deliver") for _ in range(2)]
            for service in (self.router, *self.deliveries):
                service.await_ready()
            source = Generator(
                self._bootstrap,
                f"{self._prefix}.events",
                self._folder / "sent",
                events=FOREVER,
                rate=self._rate,
                headers=headers,
            )
            pool = closing.enter_context(ThreadPoolExecutor(1))
            closing.callback(self._stop.set)
            self._publishing = pool.submit(source.run, self._stop)
            wait(lambda: len(self.taken()) > self._rate / 2)
            self._closing = closing.pop_all()
        return self

    def __exit__(self, *error: object) -> None:
        self._closing.close()

    def begin(self, role: str) -> Service:
        """Start one more process of a role; returns at once."""
        return self._scene.begin(f"{role}-{next(self._numbers)}", "worker", "--role", role)

    def receive(self) -> None:
        """Start the receiver, again at the same address."""
        argv = ["tests.faults.delivery.receiver", str(self._folder / "requests"), str(self._port)]
        self._receiver = self._scene.add(Child(f"receiver-{next(self._numbers)}", argv, self._folder, speaks=False))

    def fall(self) -> None:
        """End the receiver, whatever it has in hand."""
        self._receiver.kill()

    def await_progress(self) -> None:
        """Until what has been sent by now is settled."""
        sent = set(self.sent())
        wait(lambda: sent <= self.settled())

    def sent(self) -> dict[int, Sent]:
        """What the broker has confirmed, by number."""
        return generator.committed(self._folder / "sent")

    def healthy(self) -> dict[int, Sent]:
        """Of that, what a receiver takes sooner or later."""
        return {seq: each for seq, each in self.sent().items() if not is_poison(seq)}

    def taken(self) -> list[Delivery]:
        """What the receiver has taken, by its own file, in the order of arrival."""
        lines = entries(self._folder / "requests")
        return [Delivery(line["seq"], line["key"], 0, "", line["at"]) for line in lines if line["taken"]]

    def buried(self) -> list[int]:
        """Numbers of the dead letters."""
        letters = topics.everything(self._bootstrap, f"{self._prefix}.dlq.{SINK}")
        return [int(dict(letter.headers())["ce_id"]) for letter in letters]

    def settled(self) -> set[int]:
        """Numbers that were taken or buried."""
        return {each.seq for each in self.taken()} | set(self.buried())

    def finish(self) -> None:
        """Send no more, and wait until all is settled, or nothing more is going to be."""
        self._stop.set()
        self._publishing.result()
        sent = set(self.sent())
        seen, since = self.settled(), time.monotonic()
        while not sent <= seen and time.monotonic() - since < QUIET:
            time.sleep(0.2)
            now = self.settled()
            if len(now) > len(seen):
                seen, since = now, time.monotonic()
        for service in (self.router, *self.deliveries):
            assert 0 == service.stop(), service.last_words()
