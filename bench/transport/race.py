"""One contestant after the other on one broker, each a process, a group and topics of its own."""

from __future__ import annotations

import time
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Self

from bench.broker import Broker
from bench.drain import Drain, watch
from bench.process import Usage, cpu_seconds, usage
from bench.transport import load
from bench.transport.lateness import Lateness
from bench.transport.seen import Seen
from bench.transport.task import Task, kafka, topic
from clients.kafka import admin
from ops.demo.child import Child
from schemas.config import Config
from schemas.errors import ReflexarcError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.transport.contestant import Contestant

DRAIN_WITHIN = 8.0
SETTLE = 3.0


class Race:
    """A context manager that stores the backlog, and deletes it at the end.

    Args:
        folder: for logs and what contestants have seen.
        bootstrap: the broker.
        prefix: of topics and groups, never used before.
        events: records of the backlog.
    """

    def __init__(self, folder: Path, bootstrap: str, prefix: str, *, events: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._config = kafka(bootstrap)
        self._prefix = prefix
        self._events = events
        self._broker = Broker(Config(kafka=self._config))
        self._numbers = count(1)

    def __enter__(self) -> Self:
        self._backlog = f"{self._prefix}.backlog"
        self._create(self._backlog)
        load.fill(self._config, self._backlog, self._events)
        return self

    def __exit__(self, *_error: object) -> None:
        self._broker.delete([self._backlog])

    def drain(self, contestant: Contestant) -> Drain:
        """Have it work off the backlog, or eight seconds.

        A forwarded record counts when the broker has it in the target topic.
        """
        with self._topic() as target:
            task = self._task(self._backlog, target if contestant.forwards else None)
            seen = Seen(Path(task.seen))
            grown = self._broker.growth(target)
            with self._running(contestant, task) as child:
                number = grown if contestant.forwards else lambda: seen.count
                return watch(number, child.pid, target=self._events, within=DRAIN_WITHIN)

    def late(self, contestant: Contestant, seconds: float) -> Lateness:
        """Have it take 1,000 records a second for so long, after three seconds of the same."""
        with self._topic() as source, self._topic() as target:
            task = self._task(source, target if contestant.forwards else None, stamped=True)
            seen = Seen(Path(task.seen))
            with self._running(contestant, task) as child:
                trickle = load.Trickle(self._config, source)
                trickle.until(lambda: seen.count > 0)
                trickle.run(SETTLE)
                first, cpu, began = seen.count, cpu_seconds(child.pid), time.monotonic()
                trickle.run(seconds)
                last, used, within = seen.count, usage(child.pid), time.monotonic() - began
                trickle.close()
            return Lateness.of(seen.lateness(first, last), Usage(used.cpu - cpu, used.peak), within=within)

    def _task(self, source: str, target: str | None, *, stamped: bool = False) -> Task:
        group = f"{self._prefix}.{next(self._numbers)}"
        return Task(self._config.bootstrap, source, group, str(self._folder / group), target, stamped)

    @contextmanager
    def _topic(self) -> Iterator[str]:
        name = f"{self._prefix}.t{next(self._numbers)}"
        self._create(name)
        try:
            yield name
        finally:
            self._broker.delete([name])

    @contextmanager
    def _running(self, contestant: Contestant, task: Task) -> Iterator[Child]:
        child = Child(contestant.name.lower(), [contestant.module, *task.argv], self._folder, speaks=False)
        try:
            yield child
        except ReflexarcError as error:
            if child.alive:
                raise
            raise ReflexarcError(f"{child.name} has ended: {child.last_words()}", cure=f"see {child.log}") from error
        finally:
            child.kill()

    def _create(self, name: str) -> None:
        admin.create(self._config, [topic(name)], report=lambda _: None)
