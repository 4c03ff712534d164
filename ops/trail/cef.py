r"""An entry in the Common Event Format of ArcSight.

``CEF:0|vendor|product|version|event class id|name|severity|extension``. In the header ``\`` and ``|`` are escaped with
``\``; in values of the extension ``\`` and ``=`` are, and ends of lines are written ``\n`` and ``\r``.
"""

from __future__ import annotations

from importlib import metadata
from typing import TYPE_CHECKING, Final

from ops.trail.severity import severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streams.trail.entry import Entry

VENDOR: Final = "reflexarc"

LONGEST: Final = {"msg": 1023, "suser": 1023, "externalId": 40, "act": 63, "outcome": 63, "dvchost": 100}
"""Characters of a key's value, by the format's own dictionary; custom strings take 4000."""

_CUSTOM: Final = 4000

_OUTCOMES: Final = {
    "succeeded": "success",
    "failed": "failure",
    "refused": "failure",
    "disbelieved": "failure",
    "abandoned": "failure",
    "postponed": "failure",
    "unanswered": "failure",
    "unknown": "unknown",
}


def line(entry: Entry) -> str:
    """One line, without its end."""
    header = (VENDOR, VENDOR, metadata.version(VENDOR), entry.type, _name(entry), str(severity(entry).cef))
    extension = " ".join(
        f"{key}={_value(value, LONGEST.get(key, _CUSTOM))}" for key, value in _extension(entry) if value
    )
    return f"CEF:0|{'|'.join(map(_head, header))}|{extension}"


def _name(entry: Entry) -> str:
    words = entry.kind.replace(".", " ")
    return f"{words}: {entry.action}" if entry.action else words


def _extension(entry: Entry) -> Iterator[tuple[str, str]]:
    yield "rt", str(round(entry.time.timestamp() * 1000))
    yield "cat", "audit"
    yield "externalId", entry.action_id
    yield "suser", entry.actors[0] if entry.actors else ""
    yield "act", entry.action or entry.kind
    yield "outcome", _OUTCOMES.get(entry.step, "")
    yield "msg", entry.reason
    custom = (
        ("entity", " ".join(entry.entity)),
        ("eventId", entry.id),
        ("sink", entry.text("sink")),
        ("requester", entry.text("requester")),
        ("configuration", entry.text("configuration")),
        ("task", entry.text("task")),
    )
    for number, (label, value) in enumerate(custom, 1):
        if value:
            yield f"cs{number}Label", label
            yield f"cs{number}", value


def _head(text: str) -> str:
    one_line = " ".join(text.splitlines())
    return one_line.replace("\\", r"\\").replace("|", r"\|")


def _value(text: str, longest: int) -> str:
    escaped = text[:longest].replace("\\", r"\\").replace("=", r"\=")
    return escaped.replace("\r", r"\r").replace("\n", r"\n")
