"""The contract between the stack and each program it can run."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from schemas.errors import ReflexarcError

if TYPE_CHECKING:
    from pathlib import Path

    from ops.dev.component import Kind

Report = Callable[[str], None]
"""Takes one line of progress for the operator; may be called from several threads."""


class Unobtainable(ReflexarcError):  # noqa: N818 - reads as the state it names
    """This program cannot be had on this machine; the message is the one line that says why."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where one service lives.

    Attributes:
        name: of the component.
        folder: everything that belongs to it alone: data, log, ports, credentials. Exists, mode 0700.
        cache: downloads and builds, shared by every stack that names the same one.
    """

    name: str
    folder: Path
    cache: Path

    @property
    def ports_file(self) -> Path:
        """Where its ports are remembered."""
        return self.folder / "ports.json"

    @property
    def password_file(self) -> Path:
        """The password that was made for its clients."""
        return self.folder / "password"

    @property
    def ca_file(self) -> Path:
        """What its clients verify its certificate against."""
        return self.folder / "ca.pem"


@dataclass(frozen=True, slots=True)
class Command:
    """A program to start: ``environ`` is laid over the environment of the caller."""

    argv: tuple[str, ...]
    environ: Mapping[str, str] = field(default_factory=dict)


class Service(ABC):
    """A program of the stack, or several that only make sense together.

    Attributes:
        kind: which component it provides.
        real: False for a stand-in.
        note: what the operator should know about it; may be empty.
        processes: their names in the order of starting. Empty for a stand-in that needs no process.
        patience: seconds it may take to stop after SIGTERM.
        place: where it lives.
    """

    kind: Kind
    real: bool = True
    note: str = ""
    processes: tuple[str, ...]
    patience: float = 5.0

    def __init__(self, place: Place) -> None:
        self.place = place

    @property
    def serving(self) -> tuple[str, ...]:
        """Those of ``processes`` that clients talk to: the last one, unless several are equals."""
        return self.processes[-1:]

    @abstractmethod
    def prepare(self, report: Report) -> None:
        """Make everything ready that a start needs; minutes at first, at once when it has been done before.

        Raises:
            Unobtainable: a tool is missing, or a download, build or installation failed.
        """

    def assign(self, processes: Sequence[str]) -> None:  # noqa: B027 - most have nothing to settle
        """Settle what ``processes``, which are about to be started together, must know of each other.

        Raises:
            ReflexarcError: they cannot join those that run.
        """

    @abstractmethod
    def command(self, process: str) -> Command:
        """How to start one of ``processes``; called only while it does not run."""

    @abstractmethod
    def answers(self) -> bool:
        """Whether clients are served now; False within a few seconds when nobody answers."""

    def lacking(self) -> str:
        """What it lacks now, in one line for the operator; empty when all of it serves."""
        return "" if self.answers() else "does not answer"

    @abstractmethod
    def endpoint(self) -> str | None:
        """Where clients connect; None before the first start."""

    def details(self) -> Mapping[str, str]:
        """What clients need beside the endpoint."""
        return {}
