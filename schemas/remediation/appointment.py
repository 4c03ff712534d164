"""Something that is done at a time: an action is taken back, or followed by another, unless it was undone before."""

from __future__ import annotations

from typing import Self

from pydantic import ConfigDict, Field

from schemas.remediation.document import Document
from schemas.remediation.entity import Entity
from schemas.remediation.model import Id, Record, Time
from schemas.remediation.request import Request
from schemas.remediation.undo import Undo


class Appointment(Record):
    """What one action leads to; it may be something that only a newer release knows, which is kept as it is.

    Attributes:
        id: of the action.
        due: when it is time, seconds since 1970.
        at: when that is asked for next, likewise.
        undo: what takes it back; its time and signature are put in when it is asked for. None where it is followed.
        request: the one that the action was done for; its ``later`` is asked for. None where it is taken back.
        entity: whom it was done to.
        tries: how often it was asked for.
    """

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Document] = Field(init=False)

    id: Id
    due: Time
    at: Time
    undo: Undo | None = None
    request: Request | None = None
    entity: Entity
    tries: int = 0

    @classmethod
    def decode(cls, value: bytes | None) -> Self:
        """As ``Versioned.decode``."""
        record = super().decode(value)
        record.__pydantic_extra__.pop("v", None)
        return record

    @property
    def known(self) -> bool:
        """Whether this release knows what it leads to."""
        return self.undo is not None or (self.request is not None and self.request.later is not None)
