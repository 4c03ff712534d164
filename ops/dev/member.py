"""One component of a stack as a thing to start, watch and stop."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
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
        self._serving = self.service.serving if self.service else ()

    def runs(self) -> bool:
        """Whether all of its processes run; a component without processes does not."""
        return bool(self._processes) and all(self._process(name) for name in self._processes)

    def start(self, report: Report) -> None:
        """Start every process that does not run, resume what is paused, and wait until all of the service answers.

        Raises:
            ReflexarcError: a process ended, or did not answer within two minutes; carries the end of its log.
        """
        if self.service is None or not self._processes:
            return
        began = time.monotonic()
        stopped = []
        for name in self._processes:
            process = self._process(name)
            if process:
                process.resume()
            else:
                stopped.append(name)
        if stopped:
            self.service.assign(stopped)
        for name in stopped:
            self._spawn(name)
        self._await_answer()
        since = f"after {time.monotonic() - began:.1f} s" if stopped else "already"
        report(f"{self.name}: running at {self.service.endpoint()} {since}")

    def stop(self, report: Report) -> None:
        """Stop every process; a pid that is somebody else's by now is left alone.

        Those that serve stop at the same time, because the last node of a cluster could not take its leave of the
        others; then the rest, the last started first.
        """
        with ThreadPoolExecutor() as pool:
            list(pool.map(lambda name: self._stop(name, report), self._serving))
        for name in reversed(self._processes):
            self._stop(name, report)

    def kill(self, process: str | None = None) -> None:
        """End one process with SIGKILL, as a crash would; without a name all that serve.

        Raises:
            ReflexarcError: it does not run, or there is no such process.
        """
        for running in self._running(process):
            running.kill()

    def pause(self, process: str | None = None) -> None:
        """Let one process stand still, with SIGSTOP, as a machine that hangs; without a name all that serve.

        Raises:
            ReflexarcError: it does not run, or there is no such process.
        """
        for running in self._running(process):
            running.pause()

    def resume(self, process: str | None = None) -> None:
        """Let what was paused go on.

        Raises:
            ReflexarcError: it does not run, or there is no such process.
        """
        for running in self._running(process):
            running.resume()

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
        found = {name: self._process(name) for name in self._serving}
        processes = {name: process.pid if process else None for name, process in found.items()}
        pid = next((pid for pid in processes.values() if pid), None)
        lacking = self.service.lacking() if pid else ""
        return Component(
            name=self.name,
            kind=record.kind,
            state="running" if pid else "stopped" if self._processes else "absent",
            real=self.service.real,
            answers=not lacking,
            endpoint=self.service.endpoint(),
            pid=pid,
            processes=processes,
            log=self._log_file(self._serving[0]) if self._serving else None,
            note="; ".join(filter(None, [lacking, record.note, self.service.note])),
            details=self.service.details(),
        )

    def _process(self, name: str) -> Process | None:
        process = Process.read(self._pid_file(name))
        return process if process and process.alive() else None

    def _running(self, name: str | None) -> list[Process]:
        """The process of that name, or all that serve; at least one."""
        if name is not None and name not in self._processes:
            cure = f"it has {', '.join(self._processes)}"
            raise ReflexarcError(f"{self.name} has no process {name!r}", cure=cure)
        names = [name] if name else self._serving
        running = [process for each in names if (process := self._process(each))]
        if not running:
            what = f"{name} of {self.name}" if name else self.name
            raise ReflexarcError(f"{what} does not run", cure="see reflexarc dev status")
        return running

    def _stop(self, name: str, report: Report) -> None:
        process = self._process(name)
        if process and self.service:
            process.stop(patience=self.service.patience)
            report(f"{self.name}: stopped {name} ({process.pid})")
        self._pid_file(name).unlink(missing_ok=True)

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
        while self.service is not None and (lacking := self.service.lacking()):
            ended = next((name for name in self._processes if self._process(name) is None), None)
            log = self._log_file(ended or self._processes[-1])
            if ended:
                raise ReflexarcError(f"{self.name}: {ended} ended: {_last_line(log)}", cure=f"see {log}")
            if time.monotonic() > deadline:
                raise ReflexarcError(f"{self.name}: {lacking} after {_START_LIMIT:.0f} s", cure=f"see {log}")
            time.sleep(_POLL)

    def _pid_file(self, name: str) -> Path:
        return self.folder / f"{name}.pid"

    def _log_file(self, name: str) -> Path:
        return self.folder / f"{name}.log"


def _last_line(log: Path) -> str:
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    return next((line.strip() for line in reversed(lines) if line.strip()), "no output")
