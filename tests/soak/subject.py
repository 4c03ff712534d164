"""The reader that a long test looks at, and what it has told."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Self

import orjson

from ops.demo.child import Child
from ops.demo.journal import entries
from tests.soak.pulse import Pulse

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LOOK_EVERY = 0.25
STUCK_AFTER = 120.0
TAIL = 1 << 18


class Subject:
    """Runs while it is entered.

    Args:
        folder: for its log and its pulses.
        group: its consumer group.
        bootstrap: the broker.
        topic: what flows.
        stopped: a second topic, whose agent never comes back.
        strategy: how partitions are assigned.
        mutant: the guarantee that is switched off.
        late: whether pulses tell the lateness of every event.
    """

    def __init__(
        self,
        folder: Path,
        group: str,
        *,
        bootstrap: str,
        topic: str,
        stopped: str | None = None,
        strategy: str = "cooperative-sticky",
        mutant: str | None = None,
        late: bool = False,
    ) -> None:
        self._status = folder / f"{group}.pulses"
        module = "tests.soak.mutants" if mutant else "tests.soak.reader"
        argv = [module, "--bootstrap", bootstrap, "--topic", topic, "--group", group]
        argv += ["--status", str(self._status), "--strategy", strategy]
        argv += ["--stopped", stopped] if stopped else []
        argv += ["--late"] if late else []
        self._child = Child(group, argv, folder, {"MUTANT": mutant} if mutant else {})
        self.pid = self._child.pid

    def __enter__(self) -> Self:
        self._child.first_line()
        return self

    def __exit__(self, *error: object) -> None:
        self._child.kill()

    def pulses(self) -> list[Pulse]:
        """Everything it has told."""
        return [Pulse(**entry) for entry in entries(self._status)]

    def until(self, condition: Callable[[Pulse], bool]) -> None:
        """Wait for the condition; a reader that ends, or tells the same for two minutes, fails the test."""
        before, since = -1, time.monotonic()
        while True:
            pulse = self.last()
            if pulse is not None and condition(pulse):
                return
            if pulse is not None and pulse.taken != before:
                before, since = pulse.taken, time.monotonic()
            assert self._child.alive, self._child.last_words()
            assert time.monotonic() - since < STUCK_AFTER, f"it stands still: {pulse}"
            time.sleep(LOOK_EVERY)

    def last(self) -> Pulse | None:
        """What it told last."""
        if not self._status.exists():
            return None
        with self._status.open("rb") as file:
            file.seek(max(0, self._status.stat().st_size - TAIL))
            whole = [line for line in file.read().splitlines(keepends=True)[1:] if line.endswith(b"\n")]
        return Pulse(**orjson.loads(whole[-1])) if whole else None

    def stop(self) -> int:
        """SIGTERM; its exit code."""
        return self._child.stop()
