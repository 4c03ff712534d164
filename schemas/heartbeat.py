"""That a worker of remediation lives, and which record of the kill switch it goes by: records of the topic ``control``.

The key is ``worker/<role>/<instance>``; a tombstone means that the worker has left. The other readers of the topic pass
them by.
"""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from typing import ClassVar, Final, NamedTuple

from pydantic import AwareDatetime

from schemas.control import LARGEST, LONGEST_KEY, VERSION, InvalidControl
from schemas.form import Versioned

EVERY: Final = 10.0
"""Seconds between two heartbeats of a worker that lives."""

SILENCE: Final = timedelta(seconds=30)
"""After so long without one a worker is taken for dead."""

_WORKER: Final = "worker/"


class Worker(NamedTuple):
    """Who says it.

    Attributes:
        role: ``decide`` or ``execute``.
        instance: its name in the consumer group.
    """

    role: str
    instance: str

    def __str__(self) -> str:
        return f"{self.role}/{self.instance}"

    @property
    def key(self) -> bytes:
        """Of its record."""
        return f"{_WORKER}{self.role}/{self.instance}".encode()


class Heartbeat(Versioned):
    """What it says.

    Attributes:
        seen: ``digest`` of the last record of the kill switch that it goes by.
        at: when, by its own clock.
    """

    version: ClassVar = VERSION
    largest: ClassVar = LARGEST
    invalid: ClassVar = InvalidControl

    seen: str
    at: AwareDatetime


def digest(switch: bytes | None) -> str:
    """Names one record of the kill switch by its value; empty for a tombstone, and where there never was one."""
    return "" if switch is None else sha256(switch).hexdigest()[:32]


def worker_of(key: bytes | None) -> Worker | None:
    """The worker that a key names; None when it is about something else."""
    if key is None or len(key) > LONGEST_KEY or not key.startswith(_WORKER.encode()):
        return None
    try:
        role, _, instance = key.decode().removeprefix(_WORKER).partition("/")
    except UnicodeDecodeError:
        return None
    return Worker(role, instance) if role and instance else None
