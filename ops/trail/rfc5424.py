"""An entry as a syslog message of RFC 5424."""

from __future__ import annotations

import re
import socket
from typing import TYPE_CHECKING, Final

from ops.trail.severity import severity
from schemas.epoch import written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streams.trail.entry import Entry

FACILITY: Final = 13
"""Log audit, by table 1."""

APP_NAME: Final = "reflexarc"

SD_ID: Final = "reflexarc@32473"
"""Names of our own need a private enterprise number; 32473 is the one that IANA keeps for examples."""

BOM: Final = "\ufeff"
"""Says that the message is UTF-8 (§6.4)."""

LONGEST_NAME: Final = 255
LONGEST_ID: Final = 32

_PRINTABLE: Final = re.compile(r"[^\x21-\x7e]")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")


def message(entry: Entry) -> str:
    """The whole message, one line."""
    return header(entry, _structured(entry), _text(entry))


def header(entry: Entry, structured: str, text: str) -> str:
    """A message with this structured data, ``-`` for none, and this text, which must be one line."""
    priority = FACILITY * 8 + severity(entry).syslog
    name = _ascii(socket.gethostname(), LONGEST_NAME)
    kind = _ascii(entry.kind, LONGEST_ID)
    return f"<{priority}>1 {_time(entry)} {name} {APP_NAME} - {kind} {structured} {BOM}{text}"


def _time(entry: Entry) -> str:
    return written(entry.time, "milliseconds")


def _structured(entry: Entry) -> str:
    values = (f'{name}="{_value(value)}"' for name, value in _parameters(entry) if value)
    return f"[{' '.join((SD_ID, *values))}]"


def _parameters(entry: Entry) -> Iterator[tuple[str, str]]:
    yield "type", entry.type
    yield "eventId", entry.id
    yield "subject", entry.subject
    for name in ("action", "actionId", "sink", "actor", "requester", "approver", "rule", "task", "configuration"):
        yield name, entry.text(name)
    if "entity" in entry.data:
        yield "entity", " ".join(entry.entity)
    if isinstance(dry_run := entry.data.get("dryRun"), bool):
        yield "dryRun", str(dry_run).lower()
    cause = entry.data.get("cause")
    if isinstance(cause, dict):
        yield "cause", f"{cause.get('source', '')} {cause.get('id', '')}".strip()


def _text(entry: Entry) -> str:
    words = entry.kind.replace(".", " ")
    action = f": {entry.action}" if entry.action else ""
    reason = f": {_CONTROL.sub(' ', entry.reason)}" if entry.reason else ""
    return f"{words}{action} {_CONTROL.sub(' ', ' '.join(entry.entity))}{reason}"


def _value(text: str) -> str:
    r"""A value with ``"``, ``\`` and ``]`` escaped (§6.3.3), on one line."""
    return re.sub(r'(["\\\]])', r"\\\1", _CONTROL.sub(" ", text))


def _ascii(text: str, longest: int) -> str:
    return _PRINTABLE.sub("_", text)[:longest] or "-"
