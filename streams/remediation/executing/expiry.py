"""Actions that lead to something: those that do not last are taken back, and some are followed by another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from schemas.remediation.appointment import Appointment
from schemas.remediation.undo import Undo
from sinks.vsphere.actions import parameters

if TYPE_CHECKING:
    from schemas.remediation.intent import Intent
    from schemas.remediation.order import Order
    from streams.remediation.executing.ending import Ending

PERSON: Final = "reflexarc/expiry"
"""Who asks when the time is over."""

_CHANGED: Final = frozenset({"succeeded", "unknown"})


def appointment(order: Order, intent: Intent | None, ending: Ending, now: float) -> Appointment | None:
    """What is to be done after an action, and when; None for one that lasts, or has changed nothing.

    Taken back is one whose parameters say ``expires``; followed by another one whose request says ``later``.

    Args:
        order: that was carried out.
        intent: what was written down of it last; None when it was not begun.
        ending: how it ended; what may have been done counts as done.
        now: seconds since 1970.
    """
    request = order.request
    if intent is None or not intent.before or request.undo is not None or ending.state not in _CHANGED:
        return None
    if request.later is not None and request.entity is not None:
        due = now + request.later.after
        return Appointment(id=order.id, due=due, at=due, request=request, entity=request.entity)
    given = parameters(request.action).model_validate(request.parameters)
    expires, entity = getattr(given, "expires", None), request.entity
    if expires is None or entity is None:
        return None
    undo = Undo(
        id=order.id,
        sink=request.sink,
        action=request.action,
        entity=entity.key,
        before=intent.before,
        person=PERSON,
        reason="its time is over",
        at=now,
    )
    return Appointment(id=order.id, due=now + expires, at=now + expires, undo=undo, entity=entity)
