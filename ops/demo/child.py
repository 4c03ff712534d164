"""A process that belongs to a scene: its output in a file, its end certain."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from http import HTTPStatus
from typing import TYPE_CHECKING, ClassVar

from ops.dev import ports
from schemas.errors import ReflexarcError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

START_WITHIN = 120.0
STOP_WITHIN = 20.0
LOOK_EVERY = 0.05
PORTS = range(12_000, 20_000)
"""Below those that ``ops.dev`` gives to its servers."""


class Child:
    """One running process.

    Args:
        name: for messages and the log's file name.
        argv: behind ``python -m``.
        folder: where ``<name>.log`` is appended to.
        environ: variables on top of our own.
        speaks: whether ``first_line`` will be asked for; else standard output goes to the log too.
    """

    launcher: ClassVar[tuple[str, ...]] = (sys.executable, "-m")

    def __init__(
        self,
        name: str,
        argv: Sequence[str],
        folder: Path,
        environ: Mapping[str, str] | None = None,
        *,
        speaks: bool = True,
    ) -> None:
        self.name = name
        self.log = folder / f"{name}.log"
        self._asked_to_end = False
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [*self.launcher, *argv],
                stdout=subprocess.PIPE if speaks else log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                env={"PYTHONFAULTHANDLER": "1", **os.environ, **(environ or {})},
            )

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process.poll() is None

    @property
    def crashed(self) -> bool:
        """Whether it ended, but not by our ``kill`` or ``stop``."""
        return not self.alive and not self._asked_to_end

    @property
    def pid(self) -> int:
        """Process id, also of an ended one."""
        return self._process.pid

    def first_line(self) -> str:
        """The first line of standard output, where a receiver tells where it listens.

        Raises:
            ReflexarcError: the process ended without one.
        """
        assert self._process.stdout is not None  # noqa: S101 - a pipe by construction
        line = self._process.stdout.readline().decode().strip()
        if not line:
            raise ReflexarcError(f"{self.name} did not start: {self.last_words()}", cure=f"see {self.log}")
        return line

    def last_words(self) -> str:
        """The last line of its log."""
        lines = self.log.read_text(errors="replace").strip().splitlines()
        return lines[-1] if lines else "it said nothing"

    def signal(self, number: signal.Signals) -> None:
        """Send a signal."""
        self._process.send_signal(number)

    def kill(self) -> None:
        """SIGKILL, as a crash would; returns when the process is gone."""
        self._asked_to_end = True
        self._process.kill()
        self._finish()

    def stop(self) -> int:
        """SIGTERM, then SIGKILL after 20 s; the exit code."""
        self._asked_to_end = True
        if self.alive:
            self._process.terminate()
            try:
                self._process.wait(STOP_WITHIN)
            except subprocess.TimeoutExpired:
                self._process.kill()
        return self._finish()

    def _finish(self) -> int:
        code = self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()
        return code


class Program(Child):
    """A program of its own, not a module of Python's; arguments as for ``Child``."""

    launcher = ()


class Service(Child):
    """A command of ours that has ``--probe``; arguments as for ``Child``."""

    def __init__(self, name: str, argv: Sequence[str], folder: Path, environ: Mapping[str, str] | None = None) -> None:
        self._address = f"127.0.0.1:{free_port()}"
        super().__init__(name, [*argv, "--probe", self._address], folder, environ, speaks=False)

    def await_ready(self) -> None:
        """Return when the probe says that it serves.

        Raises:
            ReflexarcError: it ended, or was not ready within two minutes; the message quotes the probe and its last
                words. Where its threads stood by then is in its log.
        """
        deadline = time.monotonic() + START_WITHIN
        while (answer := self.ask("/ready"))[0] != HTTPStatus.OK:
            if not self.alive:
                raise ReflexarcError(
                    f"{self.name} ended with {self._finish()}: {self.last_words()}", cure=f"see {self.log}"
                )
            if time.monotonic() > deadline:
                words = self.last_words()
                self._abort()
                said = " ".join(answer[1].split()) or "its probe does not answer"
                raise ReflexarcError(f"{self.name} did not get ready: {said}; {words}", cure=f"see {self.log}")
            time.sleep(LOOK_EVERY)

    def _abort(self) -> None:
        """SIGABRT, at which Python writes down where each thread stands."""
        self._asked_to_end = True
        self._process.send_signal(signal.SIGABRT)
        self._finish()

    def ask(self, path: str) -> tuple[int, str]:
        """Status and body of an answer of the probe; 0 when it does not answer."""
        try:
            with urllib.request.urlopen(f"http://{self._address}{path}", timeout=2) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return 0, ""


def free_port() -> int:
    """A port on which a child can listen."""
    return ports.pick(PORTS)
