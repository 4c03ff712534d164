"""How an action ended, on its way back to the decider."""

from __future__ import annotations

from typing import Literal

from schemas.remediation.decision import State
from schemas.remediation.model import Id, Record, Text, Word


class Outcome(Record):
    """The one final outcome of one order.

    Attributes:
        id: of the order.
        scope: of its request.
        state: how it ended.
        reason: in words; the vCenter's where it is the vCenter's.
        at: when, seconds since 1970.
    """

    kind: Literal["outcome"] = "outcome"
    id: Id
    scope: Word
    state: State
    reason: Text = ""
    at: float
