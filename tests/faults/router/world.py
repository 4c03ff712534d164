"""The parts of one experiment: a generator, routers that share the events topic, and what is done to them."""

from __future__ import annotations

import os
import random
import re
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import count
from typing import TYPE_CHECKING, Final, Self

from tests.faults import generator
from tests.faults.generator import Generator
from tests.faults.router.mutants import HOLDING, SLEEPING
from tests.support import topics
from tests.support.flow import SUBJECT, Flow, wait

if TYPE_CHECKING:
    from pathlib import Path

    from confluent_kafka import Message

    from ops.demo.child import Service
    from ops.dev.component import Status
    from tests.faults.event import Event
    from tests.faults.generator import Headers
    from tests.faults.tally import Sent

ROUTERS: Final = 2
FOREVER: Final = 10_000_000
STARTED: Final = 500
MODULE: Final = "tests.faults.router.mutants"


class World:
    """Runs while it is entered.

    Args:
        stack: with the broker.
        folder: for every file.
        prefix: of topics and groups.
        rate: events a second.
        patience: seconds for a router at rest to commit what it may not.
        mutant: the guarantee of the router that is switched off.

    Attributes:
        chance: which router, and whether it comes back at once.
    """

    def __init__(
        self, stack: Status, folder: Path, prefix: str, *, rate: float, patience: float, mutant: str | None
    ) -> None:
        self.chance = random.Random(prefix)  # noqa: S311 - no secret
        self._flow = Flow(folder, stack, prefix)
        self._journal = folder / "sent"
        self._rate = rate
        self._patience = patience
        self._mutant = mutant
        self._numbers = count(1)
        self._stop = threading.Event()
        self._events, self._sink = f"{prefix}.events", f"{prefix}.sink.events"
        self._group = f"{prefix}.router"

    def __enter__(self) -> Self:
        with ExitStack() as closing:
            closing.enter_context(self._flow)
            self.routers = [self.begin() for _ in range(ROUTERS)]
            for router in self.routers:
                router.await_ready()
            source = Generator(
                self._flow.bootstrap, self._events, self._journal, events=FOREVER, rate=self._rate, headers=headers
            )
            pool = closing.enter_context(ThreadPoolExecutor(1))
            closing.callback(self._stop.set)
            self._publishing = pool.submit(source.run, self._stop)
            self._closing = closing.pop_all()
        return self

    def __exit__(self, *error: object) -> None:
        for router in self.routers:
            router.kill()
        self._closing.close()

    def begin(self) -> Service:
        """Start one more router, in the place of one that is gone; returns at once."""
        self._flow.scene.environ = {"MUTANT": self._mutant or ""}
        return self._flow.scene.begin(f"router-{next(self._numbers)}", "worker", "--role", "router", module=MODULE)

    def hold(self, router: Service) -> None:
        """Have a router begin no publish any more, and let it commit what it would commit."""
        router.signal(signal.SIGUSR1)
        wait(lambda: _said(router, HOLDING) is not None)
        partition, offset = _said(router, HOLDING) or (0, 0)
        until = time.monotonic() + self._patience
        while time.monotonic() < until and self._positions()[partition] <= offset:
            time.sleep(0.1)

    def sleep(self, router: Service) -> None:
        """Have a router stop, as by SIGSTOP, with events in hand."""
        router.signal(signal.SIGUSR2)
        wait(lambda: os.waitid(os.P_PID, router.pid, os.WSTOPPED | os.WNOHANG | os.WNOWAIT) is not None)
        assert _said(router, SLEEPING) is not None

    def await_started(self) -> None:
        """Until some events have gone the whole way."""
        wait(lambda: topics.ends(self._flow.bootstrap, self._sink) > STARTED)

    def await_passed(self) -> None:
        """Until the group has committed everything that has been sent by now."""
        ends = dict[int, int]()
        for record in self.sent().values():
            ends[record.partition] = max(ends.get(record.partition, 0), (record.offset or 0) + 1)
        wait(lambda: all(self._positions()[number] >= end for number, end in ends.items()))

    def sent(self) -> dict[int, Sent]:
        """What the broker has confirmed, by number."""
        return generator.committed(self._journal)

    def finish(self) -> list[Message]:
        """Send no more, wait until all is routed; the records of the sink topic, by partition and in order."""
        self._stop.set()
        self._publishing.result()
        self.await_passed()
        for router in self.routers:
            assert 0 == router.stop(), router.last_words()
        return topics.everything(self._flow.bootstrap, self._sink)

    def _positions(self) -> dict[int, int]:
        return topics.positions(self._flow.bootstrap, self._group, self._events)


def headers(event: Event) -> Headers:
    """Those of a CloudEvent that the flow's one route chooses."""
    return [
        ("ce_specversion", b"1.0"),
        ("ce_id", b"%d" % event.seq),
        ("ce_source", b"/tests"),
        ("ce_type", b"tick"),
        ("ce_subject", SUBJECT.encode()),
        ("content-type", b"application/json"),
    ]


def _said(router: Service, word: str) -> tuple[int, int] | None:
    """Partition and offset that a router has told under this word."""
    found = re.search(rf"^{word} (\d+)/(\d+)$", router.log.read_text(), re.MULTILINE)
    return (int(found[1]), int(found[2])) if found else None
