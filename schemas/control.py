"""What an operator has switched off, as a record of the compacted topic ``control``.

The key is ``sink/<name>``, or ``remediation`` for all actions on vSphere; a tombstone means that the sink is served, or
actions are taken, again, as does a record that says so. Values are JSON. Readers ignore keys and members that they do
not know; ``v`` rises only when an old reader would go wrong.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, ClassVar, Final

from pydantic import AwareDatetime, StringConstraints

from schemas.errors import ReflexarcError
from schemas.form import Versioned

VERSION: Final = 1

LARGEST: Final = 64 * 2**10
"""Bytes of a record's value."""

LONGEST: Final = 1024
"""Characters of an actor or a reason."""

LONGEST_KEY: Final = 256
"""Bytes of a key; longer ones are about nothing that we know."""

REMEDIATION: Final = b"remediation"
"""The key of the switch that ends all actions."""

_SINK: Final = "sink/"

Text = Annotated[str, StringConstraints(max_length=LONGEST)]


class InvalidControl(ReflexarcError):  # noqa: N818 - reads as the state it names
    """A value that is no record of this topic; the message says why."""


class Pause(Versioned):
    """That a sink is not served, and on whose word.

    Attributes:
        paused: false has the meaning of a tombstone.
        actor: who paused it.
        reason: why; may be empty.
        since: when, by the clock of whoever did.
    """

    version: ClassVar = VERSION
    largest: ClassVar = LARGEST
    invalid: ClassVar = InvalidControl

    paused: bool = True
    actor: Text
    reason: Text = ""
    since: AwareDatetime


UNREADABLE: Final = Pause(
    actor="",
    reason="its record in the control topic cannot be read; `reflexarc sink resume` ends that",
    since=datetime.fromtimestamp(0, UTC),
)
"""Stands for a record that says nothing: somebody meant to switch the sink off, and waiting loses nothing."""


def key(sink: str) -> bytes:
    """The key of a sink's record."""
    return f"{_SINK}{sink}".encode()


def sink_of(given: bytes | None) -> str | None:
    """The sink that a key names; None when it is about something else."""
    if given is None or len(given) > LONGEST_KEY or not given.startswith(_SINK.encode()):
        return None
    try:
        return given.decode().removeprefix(_SINK) or None
    except UnicodeDecodeError:
        return None


def pause_of(value: bytes | None) -> Pause | None:
    """What the last record of a sink says: None when it is served, ``UNREADABLE`` for what is no record."""
    if value is None:
        return None
    try:
        pause = Pause.decode(value)
    except InvalidControl:
        return UNREADABLE
    return pause if pause.paused else None


def note(pauses: dict[str, Pause], key_: bytes | None, value: bytes | None) -> None:
    """Have ``pauses``, by the names of sinks, say what a record of the topic says, if it is about one."""
    sink, pause = sink_of(key_), pause_of(value)
    if sink is not None and pause is not None:
        pauses[sink] = pause
    elif sink is not None:
        pauses.pop(sink, None)
