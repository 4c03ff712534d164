"""What running processes cost, read from /proc: CPU seconds and the most memory each ever had."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from schemas.errors import ReflexarcError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
_KIB = 1024


@dataclass(frozen=True, slots=True)
class Usage:
    """CPU seconds, user and system, all threads; the resident set's peak since the process began, in bytes."""

    cpu: float
    peak: int


def usage(pid: int) -> Usage:
    """What a process has used so far.

    Raises:
        ReflexarcError: it has ended.
    """
    return Usage(cpu_seconds(pid), _peak(pid))


def cpu_seconds(pid: int) -> float:
    """CPU seconds of a process so far, in steps of a clock tick (10 ms)."""
    # The second field is the name in parentheses, which may itself hold spaces and parentheses.
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def children(pid: int) -> tuple[int, ...]:
    """Those that its main thread has started and that have not been waited for."""
    return tuple(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))


def resident(pid: int) -> int:
    """Bytes of memory that a process has right now."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE


class Meter:
    """What groups of processes use between two moments.

    Args:
        groups: name to process ids; each of them must run until ``read``.
    """

    def __init__(self, groups: Mapping[str, Sequence[int]]) -> None:
        self._groups = groups
        self._began = self._cpu()

    def read(self) -> dict[str, Usage]:
        """CPU seconds since the meter was made, and peaks, each summed over the group.

        Raises:
            ReflexarcError: one of them has ended.
        """
        now = self._cpu()
        return {
            name: Usage(now[name] - self._began[name], sum(_peak(pid) for pid in pids))
            for name, pids in self._groups.items()
        }

    def _cpu(self) -> dict[str, float]:
        return {name: sum(map(cpu_seconds, pids)) for name, pids in self._groups.items()}


def _peak(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * _KIB
    # An ended process that nobody has waited for has a status, but no memory.
    raise ReflexarcError(f"process {pid} ended while it was measured", cure="its log says why")
