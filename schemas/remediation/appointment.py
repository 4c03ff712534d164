"""Something that is done at a time: an action is taken back, or followed by another, unless it was undone before."""

from __future__ import annotations

from pydantic import model_validator

from schemas.remediation.entity import Entity
from schemas.remediation.model import Id, Record, Time
from schemas.remediation.request import Request
from schemas.remediation.undo import Undo


class Appointment(Record):
    """What one action leads to.

    Attributes:
        id: of the action.
        due: when it is time, seconds since 1970.
        at: when that is asked for next, likewise.
        undo: what takes it back; its time and signature are put in when it is asked for. None where it is followed.
        request: the one that the action was done for; its ``later`` is asked for. None where it is taken back.
        entity: whom it was done to.
        tries: how often it was asked for.
    """

    id: Id
    due: Time
    at: Time
    undo: Undo | None = None
    request: Request | None = None
    entity: Entity
    tries: int = 0

    @model_validator(mode="after")
    def _leads_to_something(self) -> Appointment:
        if (self.undo is None) == (self.request is None or self.request.later is None):
            raise ValueError("needs either an undo or a request that is followed by another")
        return self
