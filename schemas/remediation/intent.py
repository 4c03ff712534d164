"""What the executor writes down of an action before it does it, and how it ended."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from schemas.remediation.decision import State
from schemas.remediation.model import Id, Record, Text
from schemas.remediation.order import Order


class Intent(Record):
    """One action, from the moment before its first call that changes something.

    Attributes:
        id: of the order.
        stage: ``intended``: it may have been asked for; ``begun``: the vCenter has given it a task; ``ended``.
        order: what was ordered; None once it has ended.
        since: the vCenter's clock when it was written down, seconds since 1970: its tasks are not older.
        changes: what is to be changed, in words.
        before: the state that an undo brings back, as the action has written it.
        task: managed object id of the vSphere task.
        at: when this was written, seconds since 1970.
        state: how it ended.
        reason: in words.
    """

    id: Id
    stage: Literal["intended", "begun", "ended"]
    order: Order | None = None
    since: float = 0.0
    changes: Annotated[tuple[Text, ...], Field(max_length=256)] = ()
    before: dict[str, Any] = Field({}, max_length=256)
    task: Text = ""
    at: float
    state: State | None = None
    reason: Text = ""
