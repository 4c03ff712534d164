"""One component of a stack as a thing to start, watch and stop."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from ops.dev.catalogue import SERVICES
from ops.dev.component import Component
from ops.dev.process import Process, start_detached
from ops.dev.service import Place
from ops.dev.state import component_folder
from schemas.errors import ReflexarcError

if TYPE_CHECKING:
    from ops.dev.service import Report
    from ops.dev.state import Record

_START_LIMIT = 120.0
_POLL = 0.05


class Member:
    """The component that ``record`` describes, in the stack of the folder ``state``."""

    def __init__(self, state: Path, record: Record) -> None:
        self.record = record
        self.name = record.name
        self.folder = component_folder(state, record.name)
        make = SERVICES.get(record.variant)
        self.service = make(Place(record.name, self.folder, Path(record.cache))) if make else None
        self._processes = self.service.processes if self.service else ()

    def runs(self) -> bool:
        """Whether all of its processes run; a component without processes does not."""
        return bool(self._processes) and all(self._process(name) for name in self._processes)

    def start(self, report: Report) -> None:
        """Start every process that does not run, and wait until the service answers.

        Raises:
            ReflexarcError: a process ended, or nobody answered within two minutes; carries the end of its log.
        """
        if self.service is None or not self._processes:
            return
        began = time.monotonic()
        stopped = [name for name in self._processes if self._process(name) is None]
        for name in stopped:
            self._spawn(name)
        self._await_answer()
        since = f"after {time.monotonic() - began:.1f} s" if stopped else "already"
        report(f"{self.name}: running at {self.service.endpoint()} {since}")

    def stop(self, report: Report) -> None:
        """Stop every process, the last started first; a pid that is somebody else's by now is left alone."""
        for name in reversed(self._processes):
            process = self._process(name)
            if process and self.service:
                process.stop(patience=self.service.patience)
                report(f"{self.name}: stopped {name} ({process.pid})")
            self._pid_file(name).unlink(missing_ok=True)

    def kill(self) -> None:
        """End the process that serves with SIGKILL, as a crash would.

        Raises:
            ReflexarcError: it does not run.
        """
        process = self._process(self._processes[-1]) if self._processes else None
        if process is None:
            raise ReflexarcError(f"{self.name} does not run", cure="see reflexarc dev status")
        process.kill()

    def component(self) -> Component:
        """What there is to tell about it now; asks the service whether it answers."""
        record = self.record
        if self.service is None:
            return Component(
                name=self.name,
                kind=record.kind,
                state="external" if record.endpoint else "absent",
                real=bool(record.endpoint),
                endpoint=record.endpoint,
                note=record.note,
                details=record.details,
            )
        process = self._process(self._processes[-1]) if self._processes else None
        answers = process is None or self.service.answers()
        return Component(
            name=self.name,
            kind=record.kind,
            state="running" if process else "stopped" if self._processes else "absent",
            real=self.service.real,
            answers=answers,
            endpoint=self.service.endpoint(),
            pid=process.pid if process else None,
            log=self._log_file(self._processes[-1]) if self._processes else None,
            note="; ".join(filter(None, ["" if answers else "does not answer", record.note, self.service.note])),
            details=self.service.details(),
        )

    def _process(self, name: str) -> Process | None:
        process = Process.read(self._pid_file(name))
        return process if process and process.alive() else None

    def _spawn(self, name: str) -> None:
        assert self.service is not None  # noqa: S101 - only a service has processes
        command = self.service.command(name)
        log = self._log_file(name)
        if log.exists():
            log.replace(log.with_suffix(".log.1"))
        process = start_detached(command.argv, log=log, environ={**os.environ, **command.environ})
        process.write(self._pid_file(name))

    def _await_answer(self) -> None:
        deadline = time.monotonic() + _START_LIMIT
        while self.service is not None and not self.service.answers():
            ended = next((name for name in self._processes if self._process(name) is None), None)
            log = self._log_file(ended or self._processes[-1])
            if ended:
                raise ReflexarcError(f"{self.name}: {ended} ended: {_last_line(log)}", cure=f"see {log}")
            if time.monotonic() > deadline:
                raise ReflexarcError(f"{self.name} did not answer in {_START_LIMIT:.0f} s", cure=f"see {log}")
            time.sleep(_POLL)

    def _pid_file(self, name: str) -> Path:
        return self.folder / f"{name}.pid"

    def _log_file(self, name: str) -> Path:
        return self.folder / f"{name}.log"


def _last_line(log: Path) -> str:
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    return next((line.strip() for line in reversed(lines) if line.strip()), "no output")
