"""What was decided on one request: stored, so that the same request never gets another answer."""

from __future__ import annotations

from typing import Literal

from schemas.remediation.model import Id, Part, Record, Text, Word
from schemas.remediation.request import Request

Verdict = Literal["approved", "refused", "parked"]
State = Literal["planned", "succeeded", "failed", "unknown", "refused"]
"""How an approved action ended; ``planned``: a dry run, ``refused``: the executor found a reason not to begin."""


class Slot(Part):
    """What an approval takes of the limits.

    Attributes:
        action: what is done.
        entity: key of whom it is done to.
        vcenter: where.
        cluster: managed object id of the cluster; None without one.
    """

    action: Word
    entity: Word
    vcenter: Word
    cluster: Word | None = None


class Decision(Record):
    """The answer to one request.

    Attributes:
        id: of the request.
        verdict: what it is.
        rule: the guardrail that refused or parked; empty after an approval without one.
        reason: in words.
        at: when it was decided, seconds since 1970.
        sink: who asked.
        source: of the event that it is for.
        event: id of that event.
        dry_run: whether it only says what would be done.
        slot: what it takes of the limits; None when it takes nothing.
        expires: of a parked one: when it becomes a refusal, seconds since 1970.
        request: of a parked one: what is asked.
        hops: how many own actions in a row led to it.
        approver: who has approved or refused a parked one; empty while nobody has.
        state: how the action ended; None before that, and where there is none.
        ended: when, seconds since 1970.
        parts: how many requests the event had become; 0 when it was this one.
    """

    id: Id
    verdict: Verdict
    rule: Text = ""
    reason: Text = ""
    at: float
    sink: Word
    source: Text
    event: Text
    dry_run: bool
    slot: Slot | None = None
    expires: float | None = None
    request: Request | None = None
    hops: int = 0
    approver: Text = ""
    state: State | None = None
    ended: float | None = None
    parts: int = 0
