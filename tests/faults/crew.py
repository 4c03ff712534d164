"""The workers of one experiment, one group on one topic, and what is done to them."""

from __future__ import annotations

import signal
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple, Self

import orjson

from ops.demo.child import Child
from ops.demo.journal import entries
from tests.faults.broker import Broker, names_broker
from tests.faults.plan import START
from tests.faults.tally import Delivery, taken_over
from tests.support import topics

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from concurrent.futures import Future
    from pathlib import Path
    from typing import Any

    from tests.faults.plan import Step


AT_WORK = 0.3
"""Seconds since its last delivery in which a worker counts as being at work."""

TAKEN_OVER = 60
"""Deliveries from a partition after which its former owner is not waited for any more."""


@dataclass(frozen=True, kw_only=True)
class Setting:
    """How the workers run.

    Attributes:
        strategy: how partitions are assigned, or ``consumer`` for the protocol of KIP-848.
        session: seconds of silence after which the group gives a member up.
        slow: share of deliveries that take 1 to 3 s; the others take up to 0.05 s.
        in_flight: deliveries under way in one worker at most.
        static: whether members are known by name, so that one that returns gets its partitions back.
        mutant: the guarantee that is switched off.
        program: the module that a worker runs.
        hang: by worker, numbers of events whose delivery never ends there.
        stop_after: deliveries of a worker after which no other one ends.
    """

    strategy: str = "cooperative-sticky"
    session: float = 3.0
    slow: float = 0.005
    in_flight: int = 100
    static: bool = False
    mutant: str | None = None
    program: str = "tests.faults.worker"
    hang: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    stop_after: int | None = None


class Exit(NamedTuple):
    """How a worker ended after SIGTERM."""

    worker: str
    seconds: float
    code: int


class Crew:
    """Starts and ends workers by name; enter it as a context manager.

    Args:
        folder: for logs and journals.
        bootstrap: the broker.
        topic: what to read; the group is named after it.
        setting: how the workers run.
        state: of the stack that the broker belongs to.

    Attributes:
        broker: what is killed and started in plans as ``broker``, ``broker-2`` or ``coordinator``.
    """

    def __init__(self, folder: Path, bootstrap: str, topic: str, setting: Setting, state: Path) -> None:
        self.group = f"{topic}.group"
        self._out = folder / "deliveries"
        self._folder = folder
        self._bootstrap = bootstrap
        self._topic = topic
        self._setting = setting
        self._workers: dict[str, Child] = {}
        self._ready: dict[str, list[Child]] = defaultdict(list)
        self._pool = ThreadPoolExecutor()
        self._deliveries: list[Delivery] = []
        self._read = 0
        self._exits: list[Future[Exit]] = []
        self._ending: set[str] = set()
        self.broker = Broker(state, bootstrap, topic, self.group, self._pool)
        if setting.strategy == "consumer":
            topics.set_session(bootstrap, self.group, setting.session)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        for worker in (*self._workers.values(), *chain(*self._ready.values())):
            worker.kill()
        self._pool.shutdown()

    def act(self, step: Step) -> None:
        """Do to a worker or the broker what the step says; does not wait for what takes long."""
        if names_broker(step.who):
            if step.act == START:
                self.broker.start()
            else:
                self.broker.kill(step.who)
        elif step.act == START:
            self.start(step.who)
        elif step.act == "SIGKILL":
            self._workers[step.who].kill()
        elif step.act == "SIGTERM":
            self._end(step.who)
        else:
            self._workers[step.who].signal(signal.Signals[step.act])

    def ready(self, step: Step) -> bool:
        """Whether a fault would find its victim at work; whether others have taken over from one that sleeps."""
        if step.fault:
            return any(each.worker == step.who for each in self.deliveries() if each.at > time.time() - AT_WORK)
        if step.act == "SIGCONT":
            return taken_over(self.deliveries(), step.who, TAKEN_OVER)
        return True

    def prepare(self, steps: Iterable[Step]) -> None:
        """Have a process wait for every start of a worker."""
        children = [self._spawn(step.who) for step in steps if step.act == START and not names_broker(step.who)]
        for child in children:
            child.first_line()
            self._ready[child.name].append(child)

    def start(self, name: str, setting: Setting | None = None) -> None:
        """Let a worker join, also one that has ended; returns before it has done so."""
        if setting is not None or not self._ready[name]:
            child = self._spawn(name, setting)
            child.first_line()
        else:
            child = self._ready[name].pop(0)
        child.signal(signal.SIGUSR1)
        self._workers[name] = child
        self._ending.discard(name)

    def _spawn(self, name: str, setting: Setting | None = None) -> Child:
        setting = setting or self._setting
        module = "tests.faults.mutants" if setting.mutant else setting.program
        argv = [module, "--name", name, "--bootstrap", self._bootstrap, "--topic", self._topic, "--group", self.group]
        argv += ["--out", str(self._out), "--strategy", setting.strategy]
        argv += ["--session", str(setting.session), "--slow", str(setting.slow)]
        argv += ["--in-flight", str(setting.in_flight)]
        argv += ["--instance", name] if setting.static else []
        argv += ["--stop-after", str(setting.stop_after)] if setting.stop_after is not None else []
        for seq in setting.hang.get(name, ()):
            argv += ["--hang", str(seq)]
        environ = {"MUTANT": setting.mutant, "PROGRAM": setting.program} if setting.mutant else {}
        return Child(name, argv, self._folder, environ)

    def deliveries(self) -> list[Delivery]:
        """What all workers have written, in order; reads on from where it was."""
        with suppress(FileNotFoundError), self._out.open("rb") as lines:
            lines.seek(self._read)
            for line in lines:
                if not line.endswith(b"\n"):
                    break  # it is being written; what would be read next is its rest
                self._deliveries.append(Delivery.of(orjson.loads(line)))
                self._read += len(line)
        return self._deliveries

    @property
    def reports(self) -> list[dict[str, Any]]:
        """The last thing that every process has told about itself."""
        last = {line["pid"]: line for path in self._folder.glob("*.status") for line in entries(path)}
        return list(last.values())

    def status(self, name: str) -> list[dict[str, Any]]:
        """What a worker has told about itself, in order."""
        return list(entries(self._folder / f"{name}.status"))

    @property
    def crashed(self) -> list[str]:
        """Workers that ended without being asked to."""
        return [name for name, worker in self._workers.items() if worker.crashed]

    def finish(self) -> list[Exit]:
        """SIGTERM to all that still run; how every worker that was ever asked to end did so."""
        self.broker.wait()
        for name, worker in self._workers.items():
            if worker.alive and name not in self._ending:  # a second SIGTERM would end one that is about to leave
                worker.signal(signal.SIGCONT)
                self._end(name)
        return [each.result() for each in self._exits]

    def _end(self, name: str) -> None:
        self._ending.add(name)
        self._exits.append(self._pool.submit(self._terminate, name))

    def _terminate(self, name: str) -> Exit:
        began = time.monotonic()
        code = self._workers[name].stop()
        return Exit(name, time.monotonic() - began, code)
