"""Something that is taken back at a time, unless somebody has done so before."""

from __future__ import annotations

from schemas.remediation.entity import Entity
from schemas.remediation.model import Id, Record, Time
from schemas.remediation.undo import Undo


class Appointment(Record):
    """One action that does not last.

    Attributes:
        id: of the action.
        due: when it is to be taken back, seconds since 1970.
        at: when that is asked for next, likewise.
        undo: what takes it back; its time and signature are put in when it is asked for.
        entity: whom it was done to.
        tries: how often it was asked for.
    """

    id: Id
    due: Time
    at: Time
    undo: Undo
    entity: Entity
    tries: int = 0
