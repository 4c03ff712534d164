"""A request for one action, on its way from whoever asks to the decider."""

from __future__ import annotations

from hashlib import sha256
from typing import ClassVar, Final, Literal

from pydantic import Field, model_validator

from schemas.commands.errand import Errand
from schemas.remediation.cause import Cause
from schemas.remediation.document import Members
from schemas.remediation.entity import Entity
from schemas.remediation.later import Later
from schemas.remediation.model import LONGEST, Id, Text, Time, Word
from schemas.remediation.signed import Signed
from schemas.remediation.undo import Undo

UNDO: Final = "undo "
"""How the deed of a request begins that takes an action back."""

NOWHERE: Final = "-"
"""Scope of a request whose target was not found."""


MOST_PARTS: Final = 64
"""Requests that one event may become."""


class Request(Signed):
    """One action for one event; what a person has asked for is signed.

    Attributes:
        id: the same for the same event and sink, and part of it, whenever it is asked again; also that of the action.
        sink: the remediation sink that asks; its configuration holds the limits.
        action: what shall be done, a name of the table of actions.
        parameters: what the action is told.
        scope: whose decisions are made one after the other: the name of a vCenter, or ``NOWHERE``.
        entity: what it shall be done to; None when that was not found.
        unresolved: why not, with the candidates; empty when it was.
        cause: the event.
        undo: what shall be taken back instead; None when something shall be done.
        requester: who asks: ``sink/<name>``, or a person.
        errand: the command of a person; None where an event asks.
        later: what is asked for some time after it has been done, unless it is taken back; None where nothing is.
        clock_offset: seconds that the vCenter's clock is ahead of ours; None where nobody has measured.
        asked: when, seconds since 1970.
        part: which of the requests that the event has become, from 1 on; 0 when it has become this one.
        parts: how many it has become; 0 likewise. All of them are of one scope, and the first is asked first.
    """

    purpose: ClassVar = "reflexarc request v1"

    kind: Literal["request"] = "request"
    id: Id
    sink: Word
    action: Word
    parameters: Members = Field({}, max_length=64)
    scope: Word
    entity: Entity | None = None
    unresolved: Text = ""
    cause: Cause
    undo: Undo | None = None
    requester: Word
    errand: Errand | None = None
    later: Later | None = None
    clock_offset: float | None = None
    asked: Time
    part: int = Field(0, ge=0, le=MOST_PARTS)
    parts: int = Field(0, ge=0, le=MOST_PARTS)

    @property
    def deed(self) -> str:
        """What is done, in the words that cool-downs go by: ``scale``, ``undo scale``."""
        return f"{UNDO}{self.action}" if self.undo else self.action

    @model_validator(mode="after")
    def _resolved_or_not(self) -> Request:
        if (self.entity is None) == (not self.unresolved):
            raise ValueError("needs an entity, or why there is none")
        if self.entity is not None and len(self.entity.key) > LONGEST:
            raise ValueError(f"has an entity whose key is longer than {LONGEST} characters")
        if self.part > self.parts or (self.parts and not self.part):
            raise ValueError("is no part of those that its event has become")
        if self.part and (self.entity is None or self.undo is not None):
            raise ValueError("is a part without an entity, or of an undo")
        if self.later is not None and (self.errand is None or self.later.entity.vcenter != self.scope):
            raise ValueError("is followed by something that nobody has asked for, or that is done elsewhere")
        return self


def request_id(sink: str, source: str, id: str, part: int = 0) -> str:  # noqa: A002 - the attribute
    """The id of what ``sink`` asks for the event named by ``source`` and ``id``: 16 hexadecimal digits.

    Args:
        sink: who asks.
        source: of the event.
        id: of the event.
        part: which of the requests that the event has become, from 1 on; 0 when it has become a single one.
    """
    words = (sink, source, id, str(part)) if part else (sink, source, id)
    encoded = [word.encode() for word in words]
    return sha256(b"".join(len(word).to_bytes(4, "big") + word for word in encoded)).hexdigest()[:16]
