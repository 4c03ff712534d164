"""Processes that outlive the command that started them, and are stopped without ever hitting a stranger.

A pid alone may belong to somebody else by the time it is signalled. A process is therefore remembered by its pid and
the moment it started, and signalled through a pidfd, which keeps naming the process it was opened for (Linux only).
"""

from __future__ import annotations

import json
import os
import select
import signal
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_PYTHON_IGNORES = (signal.SIGPIPE, signal.SIGXFSZ)


@dataclass(frozen=True, slots=True)
class Process:
    """One process of this machine.

    Attributes:
        pid: its process id.
        started: when it started, as ``<boot id>:<clock ticks since boot>``; differs for whoever gets the pid later.
    """

    pid: int
    started: str

    @classmethod
    def find(cls, pid: int) -> Process | None:
        """The process that has this pid now; None when there is none, or only its unreaped remains."""
        with suppress(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)  # a dead child of ours would stay a zombie
        try:
            stat = Path(f"/proc/{pid}/stat").read_bytes()
        except (FileNotFoundError, ProcessLookupError):
            return None
        # proc(5): the name in parentheses may itself hold any character; state is field 3, starttime field 22.
        fields = stat.rpartition(b")")[2].split()
        if fields[0] in b"ZX":
            return None
        return cls(pid, f"{_BOOT_ID.read_text().strip()}:{int(fields[19])}")

    @classmethod
    def read(cls, file: Path) -> Process | None:
        """The process that ``file`` remembers, alive or not; None without a readable file."""
        try:
            return cls(**json.loads(file.read_bytes()))
        except (FileNotFoundError, ValueError, TypeError):
            return None

    def write(self, file: Path) -> None:
        """Remember the process in ``file``, at once or not at all."""
        partial = file.with_suffix(".partial")
        partial.write_text(json.dumps(asdict(self)))
        partial.replace(file)

    def alive(self) -> bool:
        """Whether this very process still runs."""
        return Process.find(self.pid) == self

    def pause(self) -> None:
        """Let it stand still, with SIGSTOP, until it is resumed or stopped; nothing happens when it is gone."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on after a pause; nothing happens when it was not paused."""
        self._signal(signal.SIGCONT)

    def kill(self) -> None:
        """End it with SIGKILL and wait until it is gone; nothing happens when it is gone already."""
        self.stop(patience=0.0)

    def stop(self, *, patience: float) -> None:
        """Ask with SIGTERM, wait up to ``patience`` seconds, then SIGKILL; returns when the process is gone."""
        with self._pidfd() as fd:
            if fd is None:
                return
            if patience > 0:
                with suppress(ProcessLookupError):
                    signal.pidfd_send_signal(fd, signal.SIGTERM)
                    signal.pidfd_send_signal(fd, signal.SIGCONT)  # a paused one would not notice
                if _ended(fd, patience):
                    return
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(fd, signal.SIGKILL)
            _ended(fd, None)

    def _signal(self, number: signal.Signals) -> None:
        with self._pidfd() as fd, suppress(ProcessLookupError):
            if fd is not None:
                signal.pidfd_send_signal(fd, number)

    @contextmanager
    def _pidfd(self) -> Iterator[int | None]:
        """A descriptor of this very process; None when it is gone. The identity is checked after opening."""
        try:
            fd = os.pidfd_open(self.pid)
        except ProcessLookupError:
            yield None
            return
        try:
            yield fd if self.alive() else None
        finally:
            os.close(fd)
            Process.find(self.pid)  # reaps it, when it was a child


def start_detached(argv: tuple[str, ...], *, log: Path, environ: Mapping[str, str]) -> Process:
    """Start a program in a session of its own, so that neither a closed terminal nor Ctrl-C reaches it.

    Args:
        argv: the program (looked up in PATH) and its arguments.
        log: receives its output, appended.
        environ: its whole environment.

    Raises:
        FileNotFoundError: there is no such program.
    """
    # posix_spawn, not subprocess.Popen: a Popen object complains when it is forgotten while its process runs.
    pid = os.posix_spawnp(
        argv[0],
        argv,
        environ,
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, str(log), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600),
            (os.POSIX_SPAWN_DUP2, 1, 2),
        ],
        setsid=True,
        setsigmask=(),
        setsigdef=_PYTHON_IGNORES,
    )
    return Process.find(pid) or Process(pid, "ended at once")


def _ended(fd: int, seconds: float | None) -> bool:
    """Whether the process behind ``fd`` ended within ``seconds`` (None: as long as it takes)."""
    poll = select.poll()
    poll.register(fd, select.POLLIN)  # readable once the process has ended, see pidfd_open(2)
    return bool(poll.poll(None if seconds is None else seconds * 1000))
