"""A count of what vCenter sent and this version does not know: the sign that pyvmomi wants an update."""

from __future__ import annotations

from collections import Counter
from threading import Lock
from typing import Final, Literal

Kind = Literal["event", "type", "fault", "property", "enum", "moref", "value"]
"""An event class, another class, a fault class, a property, an enumeration's value, a class of managed objects; or
a value that does not parse as its declared type."""

_MAX_NAMES: Final = 256
_MAX_LENGTH: Final = 120


class Unknowns:
    """How often each kind was met, and the first names of them, for metrics and for the operator.

    Memory is bounded whatever the names are; safe to use from several threads.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._totals: Counter[Kind] = Counter()
        self._names: Counter[tuple[Kind, str]] = Counter()

    def count(self, kind: Kind, name: str) -> None:
        """Count one occurrence of ``name``, which is what the vCenter called it."""
        entry = (kind, name[:_MAX_LENGTH])
        with self._lock:
            self._totals[kind] += 1
            if entry in self._names or len(self._names) < _MAX_NAMES:
                self._names[entry] += 1

    def totals(self) -> dict[Kind, int]:
        """Occurrences of each kind since the process started."""
        with self._lock:
            return dict(self._totals)

    def names(self) -> dict[tuple[Kind, str], int]:
        """Occurrences of the first names met, as ``(kind, name)``."""
        with self._lock:
            return dict(self._names)


UNKNOWNS: Final = Unknowns()
"""The count of this process."""
