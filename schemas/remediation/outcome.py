"""How an action ended, on its way back to the decider."""

from __future__ import annotations

from typing import ClassVar, Literal

from schemas.remediation.appointment import Appointment
from schemas.remediation.decision import State
from schemas.remediation.model import Id, Text, Word
from schemas.remediation.signed import Signed


class Outcome(Signed):
    """The one final outcome of one order.

    Attributes:
        id: of the order.
        scope: of its request.
        state: how it ended.
        reason: in words; the vCenter's where it is the vCenter's.
        at: when, seconds since 1970.
        appointment: when it is taken back again; None where it lasts.
    """

    purpose: ClassVar = "reflexarc outcome v1"

    kind: Literal["outcome"] = "outcome"
    id: Id
    scope: Word
    state: State
    reason: Text = ""
    at: float
    appointment: Appointment | None = None
