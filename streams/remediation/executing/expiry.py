"""Actions that lead to something: those that do not last are taken back, and some are followed by another."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from pydantic import ValidationError

from schemas.remediation.appointment import Appointment
from schemas.remediation.undo import Undo
from sinks.vsphere.actions import ACTIONS, parameters

if TYPE_CHECKING:
    from schemas.remediation.intent import Intent
    from schemas.remediation.order import Order
    from streams.remediation.executing.ending import Ending

PERSON: Final = "reflexarc/expiry"
"""Who asks when the time is over."""

_CHANGED: Final = frozenset({"succeeded", "unknown"})

log = logging.getLogger(__name__)


def appointment(order: Order, intent: Intent | None, ending: Ending, now: float) -> Appointment | None:
    """What is to be done after an action, and when; None for one that lasts, or has changed nothing.

    Taken back is one whose parameters say ``expires``; followed by another one whose request says ``later``.

    Args:
        order: that was carried out.
        intent: what was written down of it last; None when it was not begun.
        ending: how it ended; what may have been done counts as done. What this release does not know any more is never
            taken back by itself; the log says so.
        now: seconds since 1970.
    """
    request = order.request
    if intent is None or not intent.before or request.undo is not None or ending.state not in _CHANGED:
        return None
    if request.later is not None and request.entity is not None:
        due = now + request.later.after
        return Appointment(id=order.id, due=due, at=due, request=request, entity=request.entity)
    expires, entity = _expires(order), request.entity
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


def _expires(order: Order) -> float | None:
    """Seconds for which an action lasts; None: for good."""
    action = order.request.action
    try:
        given = parameters(action).model_validate(order.request.parameters) if action in ACTIONS else None
    except ValidationError:
        given = None
    if given is None:
        log.warning("action %s: %s as it was told is not known here: nothing takes it back", order.id, action)
    expires: float | None = getattr(given, "expires", None)
    return expires
