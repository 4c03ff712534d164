"""The request for what follows an action after some time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from schemas import topics
from schemas.commands.errand import SAID
from schemas.remediation.cause import Cause
from schemas.remediation.request import Request, request_id
from streams.guard import commanded

if TYPE_CHECKING:
    from schemas.remediation.decision import Decision

TYPE: Final = "com.reflexarc.remediation.due"
"""Of the event that such a request is for; no record of its own tells of it."""


def source(prefix: str) -> str:
    """The source of these events, for the topic prefix of an installation."""
    return f"/{topics.group(prefix, topics.DECIDE)}"


def following(prefix: str, before: Request, *, number: int, now: float) -> Request:
    """What is asked for, in the name of whoever has asked for the action before; not signed.

    Args:
        prefix: topic prefix.
        before: the request of the action before; it has ``later`` and ``errand``.
        number: how often this was asked for before: each attempt is decided on anew.
        now: seconds since 1970.
    """
    later, errand = before.later, before.errand
    assert later is not None  # noqa: S101 - by the caller
    assert errand is not None  # noqa: S101 - a request with the one has the other
    sink, event = commanded.name(later.verb), f"{before.id}/{later.verb}/{number}"
    id_ = request_id(sink, source(prefix), event)
    told = {"id": id_, "source": source(prefix), "event": event, "verb": later.verb}
    # The address that the command came with is long out of use, and sealed for another event.
    told |= {"said": f"{later.verb} {errand.vm}"[:SAID], "address": ""}
    return Request(
        id=id_,
        sink=sink,
        action=later.action,
        parameters=later.parameters,
        scope=later.entity.vcenter,
        entity=later.entity,
        cause=Cause(source=source(prefix), id=event, type=TYPE, subject=later.verb, time=now),
        requester=before.requester,
        errand=errand.model_copy(update={**told, "dry_run": False}),
        clock_offset=before.clock_offset,
        asked=now,
    )


def followed(prefix: str, decision: Decision) -> str | None:
    """The id of the action that what was decided on follows; None when it follows none."""
    if decision.slot is None or decision.source != source(prefix) or not decision.sink.startswith(commanded.PREFIX):
        return None
    return decision.event.partition("/")[0]
