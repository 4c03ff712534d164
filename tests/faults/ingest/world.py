"""The parts of one experiment: canned vCenters, our ingest, a reader; and what can be done to them."""

from __future__ import annotations

import os
import signal
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Self

from ops.demo.child import Service
from ops.dev import stack as dev
from schemas import topics as names
from tests.faults.ingest.reader import Reader
from tests.faults.ingest.tally import identity_of, is_wanted
from tests.support import topics
from tests.support.canned.client import Canned
from tests.support.vcenter import installation

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ops.dev.component import Status
    from tests.support.canned.client import Held

MUTANTS: Final = "tests.faults.ingest.mutants"
QUIET: Final = 15.0
STUCK_AFTER: Final = 240.0
TIMEOUT: Final = "2s"
RECENT: Final = 1000
LOOK: Final = 0.05


class World:
    """Runs while it is entered.

    Args:
        stack: with the broker.
        state: of the stack.
        folder: for every file.
        prefix: of the topics.
        vcenters: their names.
        rate: events a second at each.
        mutant: the guarantee of ingest that is switched off.

    Attributes:
        canned: the vCenters.
        reader: what was seen.
        revivals: how often ingest had to be started because it had ended by itself.
    """

    def __init__(
        self,
        stack: Status,
        state: Path,
        folder: Path,
        prefix: str,
        *,
        vcenters: tuple[str, ...],
        rate: float,
        mutant: str | None,
    ) -> None:
        self.vcenters = vcenters
        self.revivals = 0
        self._state = state
        self._rate = rate
        self._mutant = mutant
        self._bootstrap = stack["kafka"].endpoint or ""
        self._prefix = prefix
        self._folder = folder
        self._closing = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as closing:
            self.canned = closing.enter_context(Canned(self._folder, self.vcenters))
            self._config = installation(
                self._folder, self._bootstrap, self._prefix, self.canned.configs(), timeout=TIMEOUT
            )
            self.reader = closing.enter_context(Reader(self._bootstrap, self._prefix))
            self.start()
            closing.callback(self.kill)  # whichever runs then
            self._ingest.await_ready()
            self.canned.tell_all("run", rate=self._rate)
            self._closing = closing.pop_all()
        return self

    def __exit__(self, *error: object) -> None:
        self._closing.close()

    def start(self) -> None:
        """Start ingest."""
        argv = [MUTANTS, "--config", str(self._config), "ingest", "vcenter"]
        self._ingest = Service("ingest", argv, self._folder, {"MUTANT": self._mutant or ""})

    def halt(self) -> None:
        """Have ingest stand still in an open transaction."""
        self._ingest.signal(signal.SIGUSR1)
        wait(lambda: os.waitid(os.P_PID, self._ingest.pid, os.WSTOPPED | os.WNOHANG | os.WNOWAIT) is not None)

    def undo(self) -> None:
        """Have ingest undo a transaction that the brokers have all of."""
        self._ingest.signal(signal.SIGUSR2)

    def kill(self) -> None:
        """SIGKILL to ingest."""
        self._ingest.kill()

    def wake(self) -> None:
        """SIGCONT to ingest."""
        self._ingest.signal(signal.SIGCONT)

    def await_undone(self) -> None:
        """Until the broker has undone the transaction that ingest stands in."""
        wait(lambda: not topics.open_transactions(self._bootstrap, names.events(self._prefix)))

    def pause_broker(self, seconds: float) -> None:
        """The broker stands still for so long."""
        dev.pause(self._state, "kafka")
        try:
            time.sleep(seconds)
        finally:
            dev.resume(self._state, "kafka")

    def kill_broker(self) -> None:
        """SIGKILL to the broker; returns when it is back with its data."""
        dev.kill(self._state, "kafka")
        dev.start(self._state, "kafka")

    def tell(self, verb: str, vcenter: str | None = None, **arguments: Any) -> dict[str, Any]:
        """Have something done to a vCenter, the first one by default."""
        return self.canned.tell(vcenter or self.vcenters[0], verb, **arguments)

    def await_next(self, *vcenters: str) -> None:
        """Until something that happens after now has been seen, of each of these vCenters or of all."""
        began, behind = datetime.now(UTC), set(vcenters or self.vcenters)

        def moved() -> bool:
            self._revive()
            seen = {record.identity for record in tuple(self.reader.seen[-RECENT:])}
            behind.difference_update(each.vcenter for each in seen if each.created > began)
            return not behind

        wait(moved)

    def finish(self) -> dict[str, list[Held]]:
        """Let nothing more happen, wait for what is to come, end ingest; the vCenters' own lists.

        Raises:
            AssertionError: ingest does not end as it should.
        """
        self.canned.tell_all("run", rate=0)
        lists = {name: self.canned.events(name) for name in self.vcenters}
        wanted = {identity_of(name, event) for name, events in lists.items() for event in events if is_wanted(event)}
        count, since = -1, time.monotonic()
        while wanted - self.reader.identities() and time.monotonic() - since < QUIET:
            if len(self.reader.seen) > count:
                count, since = len(self.reader.seen), time.monotonic()
            self._revive()
            time.sleep(LOOK)
        assert 0 == self._ingest.stop(), self._ingest.last_words()
        return {name: self.canned.events(name) for name in self.vcenters}

    def _revive(self) -> None:
        """Start an ingest that has ended by itself, as whoever runs it would."""
        if self._ingest.crashed:
            self.revivals += 1
            self.start()


def wait(condition: Callable[[], bool]) -> None:
    """Until it holds: a broker that was killed may take a while to come back, and its clients to find it."""
    deadline = time.monotonic() + STUCK_AFTER
    while not condition():
        assert time.monotonic() < deadline, "ingest stands still"
        time.sleep(LOOK)
