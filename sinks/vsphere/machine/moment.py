"""When an event happened, for actions that ask what a machine has been through since."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from schemas.errors import Reject

if TYPE_CHECKING:
    from clients.vsphere.session import Session
    from schemas.cloudevents import CloudEvent

AHEAD: Final = timedelta(seconds=60)
"""How far a sender's clock may be ahead of the vCenter's: an event from the future would never be done with."""


def happened(event: CloudEvent, session: Session) -> datetime:
    """The event's time in UTC, cut to microseconds; a leap second is the one before it.

    Args:
        event: the event.
        session: the vCenter whose clock it is compared with.

    Raises:
        Reject: it has no time, or one that the vCenter's clock has yet to reach.
        SessionLost, Unreachable: the vCenter does not answer.
    """
    if event.time is None:
        raise Reject("the event has no time, so nobody could tell whether this has been done since")
    try:
        moment = datetime.fromisoformat(event.time.upper().replace(":60", ":59", 1)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Reject(f"the event's time cannot be read: {event.time[:40]}") from None
    now = session.current_time()
    if moment - now > AHEAD:
        raise Reject(f"the event is ahead of the clock of vCenter {session.name}, {now:%Y-%m-%dT%H:%M:%SZ}: set clocks")
    return moment
