"""How serious an entry of the audit is, in the scales of those who collect it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from streams.trail.entry import Entry


class Severity(NamedTuple):
    """One degree.

    Attributes:
        syslog: RFC 5424, table 2: 3 error, 4 warning, 5 notice, 6 informational.
        cef: 0 to 10.
    """

    syslog: int
    cef: int


_ERROR: Final = Severity(3, 8)
_WARNING: Final = Severity(4, 6)
_NOTICE: Final = Severity(5, 4)
_INFORMATIONAL: Final = Severity(6, 2)

_STEPS: Final = {
    "unknown": _ERROR,
    "failed": _ERROR,
    "disbelieved": _ERROR,
    "abandoned": _ERROR,
    "postponed": _NOTICE,
    "unreadable": _ERROR,
    "parked": _WARNING,
    "paused": _WARNING,
    "refused": _NOTICE,
    "unanswered": _NOTICE,
    "approved": _NOTICE,
    "started": _NOTICE,
    "succeeded": _NOTICE,
    "resumed": _NOTICE,
    "dropped": _NOTICE,
    "redriven": _NOTICE,
    "activated": _NOTICE,
}


def severity(entry: Entry) -> Severity:
    """By the last part of its type."""
    return _STEPS.get(entry.step, _INFORMATIONAL)
