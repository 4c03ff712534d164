"""The folder in which a stack remembers what it started.

::

    <state>/lock                    held while somebody changes the stack
    <state>/<component>/record.json what was chosen for the component
    <state>/<component>/<process>.pid
    <state>/<component>/…           data, log, ports, credentials of the service
"""

from __future__ import annotations

import fcntl
import json
import secrets
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from ops.dev.component import Kind
    from ops.dev.service import Report

_RECORD = "record.json"


@dataclass(frozen=True, slots=True)
class Record:
    """What was chosen for one component.

    Attributes:
        name: of the component.
        kind: of the component.
        variant: which service runs it (a key of ``ops.dev.catalogue.SERVICES``), ``external`` or ``absent``.
        cache: folder of its downloads and builds.
        endpoint: of an external component.
        note: why it is this variant and not a better one.
        details: what clients of an external component need.
    """

    name: str
    kind: Kind
    variant: str
    cache: str
    endpoint: str | None = None
    note: str = ""
    details: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, state: Path, name: str) -> Record | None:
        """The record of one component; None when the stack does not know it."""
        try:
            return cls(**json.loads((state / name / _RECORD).read_bytes()))
        except FileNotFoundError:
            return None

    @classmethod
    def read_all(cls, state: Path) -> tuple[Record, ...]:
        """Every component that the stack knows, by name."""
        names = sorted(file.parent.name for file in state.glob(f"*/{_RECORD}"))
        return tuple(record for name in names if (record := cls.read(state, name)))

    def write(self, state: Path) -> None:
        """Remember it, at once or not at all."""
        folder = component_folder(state, self.name)
        partial = folder / f"{_RECORD}.partial"
        partial.write_text(json.dumps(asdict(self), indent=2))
        partial.replace(folder / _RECORD)

    def forget(self, state: Path) -> None:
        """Remove the record; everything else of the component stays."""
        (state / self.name / _RECORD).unlink(missing_ok=True)


def component_folder(state: Path, name: str) -> Path:
    """The component's own folder; made when it is missing, readable by this user only."""
    folder = state / name
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


@contextmanager
def exclusive(folder: Path, report: Report, *, waiting: str) -> Iterator[None]:
    """Keep other processes and threads out of ``folder`` meanwhile; ``waiting`` is reported if one is inside."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / "lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            report(waiting)
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def password(file: Path) -> str:
    """The password in ``file``; a new one is made there (mode 0600) the first time."""
    try:
        return file.read_text().rstrip("\n")
    except FileNotFoundError:
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(24) + "\n")
        return file.read_text().rstrip("\n")
