"""The event that an action is asked for, as far as limits ask for it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from schemas.remediation.document import Document
from schemas.remediation.model import Part, Text, Time, Word


class Cause(Part):
    """One event.

    Attributes:
        source: its attribute of that name; with ``id`` it names the event.
        id: likewise.
        type: likewise.
        subject: likewise.
        time: when it happened, seconds since 1970, by the clock of who made it; None when it does not say.
        vcenter: configured name of the vCenter that it is from; None for any other sender.
        edge: status of the alarm before and after, of an ``AlarmStatusChangedEvent``.
        replayed: whether it was read from Kafka again on purpose.
        own: whether it tells of something that our own account did.
        data: what it says, parsed; None where the action needs nothing of it.
        hops: how many replies of destinations have led to it.
    """

    source: Text
    id: Text
    type: Text
    subject: Text = ""
    time: Time | None = None
    vcenter: Word | None = None
    edge: tuple[Word, Word] | None = None
    replayed: bool = False
    own: bool = False
    data: Document = None
    hops: Annotated[int, Field(ge=0, le=1_000_000)] = 0
